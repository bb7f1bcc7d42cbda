package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.HostFileStore;
import dev.pagewalk.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files of the host that a walk maps: one that may only be read, and others. */
final class HostFiles implements AutoCloseable {
  private static final int PAGES = 9;

  private final Optional<Path> folder;
  private final List<HostFileStore> stores = new ArrayList<>();

  HostFiles(Optional<Path> folder) {
    this.folder = folder;
  }

  ModelObject open(Kernel kernel, String name, boolean writable) {
    Path path = folder.orElseThrow().resolve(name);
    byte[] bytes = new byte[writable ? 0 : PAGES * 4096 - 2048];
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.length; at += 4096) {
      words.putLong(at, 0x1122_3344_5566_7788L * (at + 1));
    }
    try {
      Files.write(path, bytes);
      HostFileStore store = HostFileStore.open(path, writable);
      stores.add(store);
      var object = new ModelObject(kernel.openFile(name, store), bytes.length, writable);
      for (int at = 0; at < bytes.length; at += 4096) {
        object.set(at >>> 12, new long[] {words.getLong(at), 0, 0, 0});
      }
      return object;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After fsync, what the host has is what the model has, to the byte. */
  void compare(Kernel kernel, List<ModelObject> files) {
    for (ModelObject object : files) {
      if (folder.isEmpty() || !object.disk) {
        continue;
      }
      long result = kernel.fileCalls().fsync(object.file);
      kernel.owed().spent();
      byte[] there = read(folder.get().resolve(object.file.name()));
      if (result != 0 || there.length != object.size()) {
        throw new AssertionError(
            "%s has %d bytes, expected %d"
                .formatted(object.file.name(), there.length, object.size()));
      }
      for (int at = 0; at < there.length; at++) {
        if ((there[at] & 0xff) != Contents.byteAt(object.page(at >>> 12), at & 0xfff)) {
          throw new AssertionError("byte %d of %s differs".formatted(at, object.file.name()));
        }
      }
    }
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stores.forEach(HostFileStore::close);
  }
}
