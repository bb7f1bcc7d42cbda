package dev.pagewalk.kernel;

/**
 * What {@code mremap} is asked.
 *
 * @param address of the old range, in bytes
 * @param oldLength bytes; 0 makes a second view of shared memory
 * @param newLength bytes
 * @param flags of {@link MremapFlag}
 * @param newAddress where to, with {@link MremapFlag#FIXED}; a hint with DONTUNMAP alone
 */
public record MremapRequest(
    long address, long oldLength, long newLength, int flags, long newAddress) {}
