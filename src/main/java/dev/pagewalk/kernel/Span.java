package dev.pagewalk.kernel;

/**
 * A range of addresses of one address space.
 *
 * @param mm whose
 * @param start first address, in bytes
 * @param end the address after the last
 */
record Span(AddressSpace mm, long start, long end) {}
