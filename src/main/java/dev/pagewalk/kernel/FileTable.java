package dev.pagewalk.kernel;

import java.util.HashMap;
import java.util.Map;

/** The files and objects of shared memory that there are, by number. */
final class FileTable {
  private final Kernel kernel;
  private final Map<Integer, FileObject> files = new HashMap<>();
  private int last;

  FileTable(Kernel kernel) {
    this.kernel = kernel;
  }

  /** All of them. */
  Map<Integer, FileObject> all() {
    return files;
  }

  /** A file that lies on {@code store}, {@code size} bytes of it. */
  FileObject open(String name, FileStore store, long size) {
    FileObject file = register(name, FileSystem.EXT4, store);
    file.setSize(size);
    return file;
  }

  /** An object of shared anonymous memory. */
  FileObject createShared(long size) {
    FileObject file = register("", FileSystem.TMPFS, null);
    file.setSize(size);
    return file;
  }

  /** An object of explicit huge pages, of no file. */
  FileObject createHugetlb(HugetlbPool pool, long size) {
    FileObject file = createShared(size);
    file.usePool(pool);
    return file;
  }

  /** Gives up an object that only mappings knew and that nobody maps any more. */
  void release(FileObject file) {
    if (file.pool() != null) {
      Hugetlb.release(file, kernel.token());
    } else {
      kernel.pageCache().discard(file, 0, Long.MAX_VALUE);
    }
    files.remove(file.id());
  }

  /** A new object; without a store and a name it is nobody's but its mappings'. */
  FileObject register(String name, FileSystem fileSystem, FileStore store) {
    FileObject file = new FileObject(++last, name, fileSystem, store);
    files.put(file.id(), file);
    return file;
  }
}
