package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Prot;

/** Copies that the kernel makes from and to user memory, page by page. */
final class CopySteps {
  private final Walk walk;

  CopySteps(Walk walk) {
    this.walk = walk;
  }

  void perform(Step step) {
    ModelProcess process = walk.processes[step.who()];
    long end = step.a() + step.b();
    walk.settle(process, step.a());
    walk.settle(process, end - 1);
    if (step.operation() == Operation.COPY_FROM) {
      copyFrom(process, step);
    } else {
      copyTo(process, step);
    }
    walk.adopt(process, step.a(), end);
  }

  private static int firstPart(Step step) {
    return (int) Math.min(step.b(), 4096 - (step.a() & 0xfff));
  }

  /** How many bytes can be had. */
  private static int reachable(ModelProcess process, Step step, int right) {
    if (Verdict.of(process, step.a(), right) != Verdict.DONE) {
      return 0;
    }
    int first = firstPart(step);
    boolean all =
        first == step.b() || Verdict.of(process, step.a() + first, right) == Verdict.DONE;
    return all ? (int) step.b() : first;
  }

  private void copyFrom(ModelProcess process, Step step) {
    int size = (int) step.b();
    boolean expected = reachable(process, step, Prot.READ) == size;
    byte[] buffer = new byte[size];
    boolean copied = walk.core(step).copyFromUser(step.a(), buffer);
    check(copied, expected);
    for (int i = 0; copied && i < size; i++) {
      long there = AccessSteps.load(process, step.a() + i, 1);
      if ((buffer[i] & 0xff) != there) {
        throw new AssertionError(
            "byte %d copied is 0x%x, expected 0x%x".formatted(i, buffer[i], there));
      }
    }
  }

  private void copyTo(ModelProcess process, Step step) {
    int size = (int) step.b();
    int reachable = reachable(process, step, Prot.WRITE);
    byte[] buffer = new byte[size];
    for (int i = 0; i < size; i++) {
      buffer[i] = (byte) (step.c() >>> (8 * (i % 8)));
    }
    boolean copied = walk.core(step).copyToUser(step.a(), buffer);
    check(copied, reachable == size);
    if (copied || (reachable < size && !walk.setting.tight())) {
      store(process, step.a(), buffer, reachable);
      return;
    }
    // Memory may have run out before either page.
    int first = Math.min(firstPart(step), reachable);
    if (first > 0 && isStored(process, step.a(), buffer, first)) {
      store(process, step.a(), buffer, first);
    }
  }

  private void check(boolean copied, boolean expected) {
    if (copied != expected && (copied || !walk.setting.tight())) {
      throw new AssertionError("copied: %b, expected %b".formatted(copied, expected));
    }
  }

  private static boolean isStored(ModelProcess process, long address, byte[] buffer, int count) {
    byte[] page = new byte[4096];
    if (!process.mm.peek(address, page)) {
      return false;
    }
    int offset = (int) address & 0xfff;
    for (int i = 0; i < count; i++) {
      if (page[offset + i] != buffer[i]) {
        return false;
      }
    }
    return true;
  }

  private static void store(ModelProcess process, long address, byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      AccessSteps.store(process, address + i, 1, buffer[i]);
    }
  }
}
