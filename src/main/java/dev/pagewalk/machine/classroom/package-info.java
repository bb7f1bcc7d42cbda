/**
 * The classroom's machine: scenarios, a small language that says what is done to a machine, and
 * what comes of each of their statements.
 *
 * <p>Imports {@code arch}, {@code physmem}, {@code spec}, {@code mmu}, {@code kernel} and {@code
 * machine}, and no library. Imported by the edges: the browser's page, {@code pagewalk run} and
 * {@code pagewalk tutor} show the same machine. {@link
 * dev.pagewalk.machine.classroom.Scenario#parse} reads a text, {@link
 * dev.pagewalk.machine.classroom.Timeline} carries it out, and back.
 */
package dev.pagewalk.machine.classroom;
