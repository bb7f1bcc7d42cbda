/**
 * Physical memory: byte-addressed, little-endian, off-heap, sparse, with holes; and images of it.
 *
 * <p>May import {@code arch}; imported by everything above. A paging structure is nothing but words
 * in here: nobody keeps entries beside it.
 */
package dev.pagewalk.physmem;
