/**
 * The machine: cores, memory and kernel put together, and the models of processors they are made
 * from.
 *
 * <p>May import {@code arch}, {@code physmem}, {@code spec}, {@code mmu}, {@code kernel} and
 * libraries; imported by {@code vectors} and the edges. {@link dev.pagewalk.machine.CpuModels} is
 * the way to a model of a processor.
 */
package dev.pagewalk.machine;
