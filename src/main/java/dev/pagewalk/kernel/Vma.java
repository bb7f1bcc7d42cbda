package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * A virtual memory area: a range of addresses with one set of rights over one object.
 *
 * <p>{@code [start, end)} in bytes, multiples of the page size. {@link #pgoff} counts pages: the
 * offset in the file, or for private anonymous memory the page number at which it was first mapped,
 * which a move keeps once there are pages.
 */
final class Vma {
  final AddressSpace mm;
  long start;
  long end;
  long pgoff;

  /** The object mapped; null for private anonymous memory. */
  final FileObject file;

  /** Where new anonymous pages are born; null until there are any. */
  AnonVma anonVma;

  /** Of a private mapping of explicit huge pages that owns reservations; else null. */
  HugetlbReserve reserve;

  /**
   * Whether explicit huge pages were taken from it for want of others: what is missing is SIGBUS.
   */
  boolean lostPages;

  /** Where new pages are to come from; null: as the process says. */
  Mempolicy policy;

  /** The streams in which its pages are touched; null until somebody asks. */
  FaultStreams streams;

  /** Of swap read-ahead by address: the last address, and the pages of the last window. */
  long readAheadAddress;

  int readAheadPages;

  /** Pages of the last windows that were used. */
  int readAheadHits = SwapWindow.FIRST_HITS;

  private long flags;
  private long pageProt;
  private final List<AnonVma> chain = new ArrayList<>(1);

  Vma(AddressSpace mm, long start, long end, FileObject file) {
    this.mm = mm;
    this.start = start;
    this.end = end;
    this.file = file;
  }

  /** A copy for {@code mm}, not yet in its map nor in the reverse map. */
  Vma copyFor(AddressSpace other) {
    Vma copy = new Vma(other, start, end, file);
    copy.pgoff = pgoff;
    copy.policy = policy;
    copy.readAheadAddress = readAheadAddress;
    copy.readAheadPages = readAheadPages;
    copy.readAheadHits = readAheadHits;
    copy.setFlags(flags);
    return copy;
  }

  long flags() {
    return flags;
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  void setFlags(long value) {
    flags = value;
    pageProt = Pte.prot(wantsWriteNotify() ? value & ~VmFlag.SHARED : value);
  }

  /** The bits of a new entry here. */
  long pageProt() {
    return pageProt;
  }

  List<AnonVma> chain() {
    return chain;
  }

  boolean isAnonymous() {
    return file == null;
  }

  /** Whether its pages are from the pool of explicit huge pages. */
  boolean isHugetlb() {
    return has(VmFlag.HUGETLB);
  }

  /** Whether it may be cut at {@code address}: explicit huge pages cannot. */
  boolean maySplit(long address) {
    return !isHugetlb() || file.pool().isAligned(address);
  }

  boolean isAccessible() {
    return has(VmFlag.ACCESS);
  }

  /** Whether stores here are private while the mapping may be written. */
  boolean isCow() {
    return (flags & (VmFlag.SHARED | VmFlag.MAYWRITE)) == VmFlag.MAYWRITE;
  }

  /** Whether the file system must see the first store to a clean page. */
  boolean wantsWriteNotify() {
    long sharedWritable = VmFlag.SHARED | VmFlag.WRITE;
    return (flags & sharedWritable) == sharedWritable
        && file != null
        && file.fileSystem().tracksDirtyPages();
  }

  /** Whether it was inherited, so that its pages may be those of another process. */
  boolean isForkChild() {
    return anonVma != null && chain.size() > 1;
  }

  long length() {
    return end - start;
  }

  long pages() {
    return length() >>> 12;
  }

  boolean contains(long address) {
    return address >= start && address < end;
  }

  /** The page offset of {@code address}. */
  long pgoffOf(long address) {
    return pgoff + ((address - start) >> 12);
  }

  /** The address of a page offset; outside of the VMA if it is not mapped here. */
  long addressOf(long index) {
    return start + ((index - pgoff) << 12);
  }
}
