package dev.pagewalk.machine.replay;

import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.trace.AccessBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes data where a trace writes, and checks what it reads. Each core has a word of its own in
 * each page, so that it knows what must be there whatever the others do.
 */
final class ContentsCheck implements AccessListener {
  private static final long WORDS = -8L & 0xfff;

  private final PhysicalMemory memory;
  private final ThreadLocal<Map<Long, Long>> written = ThreadLocal.withInitial(HashMap::new);
  private final AtomicLong cores = new AtomicLong();
  private final ThreadLocal<Long> core = ThreadLocal.withInitial(cores::getAndIncrement);
  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();

  ContentsCheck(PhysicalMemory memory) {
    this.memory = memory;
  }

  @Override
  public void accessed(long address, int what, long physical) {
    long key = PageKey.of(AccessBatch.process(what), address);
    long at = (physical & -4096) + ((8 * core.get()) & WORDS);
    Map<Long, Long> mine = written.get();
    long before = memory.read64(at);
    checked.incrementAndGet();
    if (before != mine.getOrDefault(key, 0L)) {
      wrong.incrementAndGet();
    }
    int kind = AccessBatch.kind(what);
    if (kind == AccessBatch.WRITE || kind == AccessBatch.MODIFY) {
      long value = before * 31 + key;
      memory.write64(at, value);
      mine.put(key, value);
    }
  }

  /** Accesses that were looked at. */
  long checked() {
    return checked.get();
  }

  /** Those that did not find what their core had written there last. */
  long wrong() {
    return wrong.get();
  }
}
