/**
 * Test vectors: observed page walks and page tables, the readers of their formats, the runner that
 * holds an engine against them, and the report.
 *
 * <p>May import {@code machine} and everything below; imported by the edges only.
 */
package dev.pagewalk.vectors;
