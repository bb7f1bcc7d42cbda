/**
 * What a paging-structure entry and an error code mean, in sentences for people, bit by bit.
 *
 * <p>May import {@code arch}; imported by the edges.
 */
package dev.pagewalk.explain;
