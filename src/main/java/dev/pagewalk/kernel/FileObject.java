package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A file, or an object of shared anonymous memory: its size, its pages in memory, and the VMAs that
 * map it (inode and address_space).
 */
public final class FileObject {
  private final int id;
  private final String name;
  private final FileSystem fileSystem;
  private final FileStore store;
  private final boolean anonymous;
  private final List<Vma> mappings = new ArrayList<>();

  /** Frames of the page cache, by page number. */
  private final TreeMap<Long, Long> pages = new TreeMap<>();

  /** Swap entries of pages of a TMPFS that are put out, by page number. */
  private final TreeMap<Long, Long> swapped = new TreeMap<>();

  /** Which pages are read before they are asked for; null until one was read. */
  FileReadAhead readAhead;

  /** Policies of the pages of a TMPFS, for all who map it; null if it cannot have any. */
  private SharedPolicy policies;

  private long size;

  /** Where its pages are from, if they are explicit huge pages, and which are reserved. */
  private HugetlbPool pool;

  private HugetlbReserve reserve;

  FileObject(int id, String name, FileSystem fileSystem, FileStore store) {
    this.id = id;
    this.name = name;
    this.fileSystem = fileSystem;
    this.store = store;
    this.anonymous = store == null && name.isEmpty();
    this.policies = fileSystem.hasDevice() ? null : new SharedPolicy();
  }

  /** The name it was made with; empty for shared anonymous memory. */
  public String name() {
    return name;
  }

  /** Number of the object, from 1. */
  public int id() {
    return id;
  }

  /** What kind of file system it is on; shared anonymous memory is on a TMPFS of its own. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** Whether this is shared anonymous memory, or explicit huge pages of no file. */
  public boolean isAnonymous() {
    return anonymous;
  }

  /** Size, in bytes. */
  public long size() {
    return size;
  }

  /** Size in pages, a last page that is not full counted. */
  long sizeInPages() {
    return (size + PageTables.PAGE_BYTES - 1) >>> 12;
  }

  void setSize(long bytes) {
    size = bytes;
  }

  /** The pool that its pages are from; null for ordinary pages. */
  HugetlbPool pool() {
    return pool;
  }

  /** Which pages of a shared object of explicit huge pages are reserved. */
  HugetlbReserve reserve() {
    return reserve;
  }

  /** Makes this an object of explicit huge pages. */
  void usePool(HugetlbPool from) {
    pool = from;
    policies = null;
    reserve = new HugetlbReserve();
  }

  SharedPolicy policies() {
    return policies;
  }

  FileStore store() {
    return store;
  }

  /** Whether it was opened for writing. */
  boolean isWritable() {
    return store == null || store.isWritable();
  }

  NavigableMap<Long, Long> pages() {
    return pages;
  }

  NavigableMap<Long, Long> swapped() {
    return swapped;
  }

  List<Vma> mappings() {
    return mappings;
  }

  void link(Vma vma) {
    mappings.add(vma);
  }

  void unlink(Vma vma) {
    mappings.remove(vma);
  }

  /** Whether page {@code index} is in memory. */
  boolean isCached(long index) {
    return pages.containsKey(index);
  }
}
