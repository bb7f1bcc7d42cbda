package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;
import dev.pagewalk.mmu.TlbEntry.Flag;
import java.util.Set;

/**
 * What an entry of a naive TLB says: {@link TlbEntry} without its place.
 *
 * @param linearAddress of the first byte of the piece
 * @param physicalAddress of that byte
 * @param size of the piece
 * @param pageSize of the page in the tables
 */
record NaivePage(
    long linearAddress,
    long physicalAddress,
    int pcid,
    PageSize size,
    PageSize pageSize,
    Set<Flag> flags,
    int key,
    int patIndex) {

  boolean has(Flag flag) {
    return flags.contains(flag);
  }

  boolean isGlobal() {
    return has(Flag.GLOBAL);
  }

  /** Whether an access to {@code address} under {@code current} may use the entry. */
  boolean translates(long address, int current) {
    return start(address, size) == linearAddress && belongsTo(current);
  }

  /** Whether the page in the tables, of which this may be a piece, contains {@code address}. */
  boolean isOfPageAt(long address) {
    return start(address, pageSize) == start(linearAddress, pageSize);
  }

  boolean belongsTo(int current) {
    return pcid == current || isGlobal();
  }

  /** The physical address of the byte at {@code address}. */
  long translate(long address) {
    return physicalAddress + (address - linearAddress);
  }

  /** The piece of this piece around {@code address} that is of size {@code smaller}. */
  NaivePage pieceAt(long address, PageSize smaller) {
    long start = start(address, smaller);
    return new NaivePage(start, translate(start), pcid, smaller, pageSize, flags, key, patIndex);
  }

  NaivePage withPcid(int other) {
    return new NaivePage(
        linearAddress, physicalAddress, other, size, pageSize, flags, key, patIndex);
  }

  private static long start(long address, PageSize size) {
    return address - Long.remainderUnsigned(address, size.bytes());
  }
}
