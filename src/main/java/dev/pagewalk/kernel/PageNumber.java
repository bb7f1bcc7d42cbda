package dev.pagewalk.kernel;

/**
 * The numbers by which replacement policies know pages: the same each time a page comes back.
 *
 * <p>An anonymous page: number of the address space, shifted left by 40, and the virtual page
 * number at which it first came. A page of a file: bit 62, number of the file, shifted left by 40,
 * and the page's number in it.
 */
public final class PageNumber {
  private static final int SHIFT = 40;
  private static final long FILE = 1L << 62;
  private static final long LOW = (1L << SHIFT) - 1;

  private PageNumber() {}

  /** The number of the anonymous page at {@code address}. */
  public static long ofAnonymous(AddressSpace mm, long address) {
    return (long) mm.id() << SHIFT | (address >>> 12 & LOW);
  }

  /** The number of page {@code index} of {@code file}. */
  public static long ofFile(FileObject file, long index) {
    return FILE | (long) file.id() << SHIFT | (index & LOW);
  }
}
