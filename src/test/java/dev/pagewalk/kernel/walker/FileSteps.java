package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.FileCalls;

/** System calls on files, which mappings notice. */
final class FileSteps {
  private final Walk walk;

  FileSteps(Walk walk) {
    this.walk = walk;
  }

  void perform(Step step) {
    ModelObject object = walk.files.get((int) step.a());
    FileCalls calls = walk.kernel.fileCalls();
    switch (step.operation()) {
      case TRUNCATE -> {
        long expected = object.writable ? 0 : Errno.EINVAL.result();
        if (walk.agrees(
            walk.machine.call(() -> calls.ftruncate(object.file, step.b())), expected)) {
          truncate(object, step.b());
        }
      }
      case PUNCH -> {
        long expected = object.writable ? 0 : Errno.EBADF.result();
        if (walk.agrees(
            walk.machine.call(() -> calls.punchHole(object.file, step.b(), step.c())), expected)) {
          object.zero(step.b(), step.b() + step.c());
        }
      }
      case FILE_READ -> read(object, step);
      case FILE_WRITE -> write(object, step);
      case READAHEAD -> walk.agrees(walk.machine.call(() -> calls.readAhead(object.file)), 0);
      case FSYNC -> walk.agrees(walk.machine.call(() -> calls.fsync(object.file)), 0);
      default ->
          walk.machine.call(() -> {
            calls.dropCache(object.file);
            return 0;
          });
    }
  }

  /** Private copies behind the new end go with the file's pages. */
  private void truncate(ModelObject object, long size) {
    boolean shrinks = size < object.size();
    object.truncate(size);
    for (ModelProcess process : walk.processes) {
      if (process != null && shrinks) {
        process.each(page -> {
          if (page.object == object && page.index >= object.sizeInPages()) {
            page.drop();
          }
        });
      }
    }
  }

  private void read(ModelObject object, Step step) {
    byte[] bytes = new byte[(int) step.c()];
    long expected = Math.clamp(object.size() - step.b(), 0, bytes.length);
    long result =
        walk.machine.call(() -> walk.kernel.fileCalls().read(object.file, step.b(), bytes));
    int count = (int) length(result, expected);
    for (int i = 0; i < count; i++) {
      long at = step.b() + i;
      int there = Contents.byteAt(object.page(at >>> 12), (int) at & 0xfff);
      if ((bytes[i] & 0xff) != there) {
        throw new AssertionError(
            "byte 0x%x of the file is 0x%x, expected 0x%x".formatted(at, bytes[i], there));
      }
    }
  }

  private void write(ModelObject object, Step step) {
    byte[] bytes = new byte[(int) step.c()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (step.d() >>> (8 * (i % 8)));
    }
    long result =
        walk.machine.call(() -> walk.kernel.fileCalls().write(object.file, step.b(), bytes));
    int count = (int) length(result, object.writable ? bytes.length : Errno.EBADF.result());
    if (count > 0 && object.disk && step.b() > object.size()) {
      object.zero(object.size(), step.b());
    }
    for (int i = 0; i < count; i++) {
      long at = step.b() + i;
      long[] words = object.page(at >>> 12);
      object.set(at >>> 12, Contents.store(words, (int) at & 0xfff, 1, bytes[i]));
      object.growTo(at + 1);
    }
  }

  /** How many bytes were done; without memory it may be fewer than expected. */
  private long length(long result, long expected) {
    if (walk.setting.tight() && result >= 0 && result < expected) {
      return result;
    }
    return walk.agrees(result, expected) ? result : 0;
  }
}
