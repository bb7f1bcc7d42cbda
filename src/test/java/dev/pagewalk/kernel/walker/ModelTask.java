package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Mempolicy;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.Rlimit;
import java.util.EnumMap;
import java.util.Map;

/** What the model knows of a process beside its pages. */
final class ModelTask {
  private final Map<Rlimit, Long> limits = new EnumMap<>(Rlimit.class);

  /** PKRU. */
  int pkru = 0x5555_5554;

  /** Keys handed out, a bit each. */
  int keys = 1;

  /** The key of memory that can only be executed, or -1. */
  int executeOnly = -1;

  Mempolicy policy = Mempolicy.NONE;

  /** Whether what is mapped from now on is locked, perhaps on fault. */
  boolean locks;

  boolean locksOnFault;

  ModelTask() {
    limits.put(Rlimit.STACK, 8L << 20);
  }

  long limit(Rlimit which) {
    return limits.getOrDefault(which, Long.MAX_VALUE);
  }

  void setLimit(Rlimit which, long bytes) {
    limits.put(which, bytes < 0 ? Long.MAX_VALUE : bytes);
  }

  boolean allows(int key, boolean write) {
    int rights = pkru >>> (2 * key) & 3;
    return (rights & 1) == 0 && (!write || rights == 0);
  }

  boolean hasKey(int key) {
    return key >= 0 && key < 16 && key != executeOnly && (keys >> key & 1) != 0;
  }

  /** The lowest key that is not handed out, or -1. */
  int takeKey() {
    int key = Integer.numberOfTrailingZeros(~keys);
    if (key > 15) {
      return -1;
    }
    keys |= 1 << key;
    return key;
  }

  void setRights(int key, int rights) {
    int shift = 2 * key;
    pkru = (pkru & ~(3 << shift)) | rights << shift;
  }

  /** The key of a new mapping with these rights; {@code has}: whether there are keys. */
  int keyOfNew(int prot, boolean has) {
    return has && prot == Prot.EXEC ? Math.max(0, executeOnlyKey()) : 0;
  }

  /** The key after mprotect without one. */
  int keyAfter(ModelPage page, int prot, boolean has) {
    if (has && prot == Prot.EXEC) {
      int key = executeOnlyKey();
      return key > 0 ? key : page.key;
    }
    return page.prot == Prot.EXEC && page.key == executeOnly ? 0 : page.key;
  }

  private int executeOnlyKey() {
    executeOnly = executeOnly < 0 ? takeKey() : executeOnly;
    if (executeOnly >= 0 && allows(executeOnly, false)) {
      setRights(executeOnly, 1);
    }
    return executeOnly;
  }

  ModelTask forked() {
    ModelTask child = new ModelTask();
    child.limits.putAll(limits);
    child.pkru = pkru;
    child.keys = keys;
    child.executeOnly = executeOnly;
    child.policy = policy;
    return child;
  }
}
