package dev.pagewalk.kernel;

import dev.pagewalk.arch.ProtectionKeys;

/**
 * Protection keys of processes: which are handed out, and what they forbid (arch/x86/mm/pkeys.c).
 *
 * <p>MODEL: a process has one PKRU, as if it had one thread.
 */
final class Pkeys {
  /** PKRU of a new process: nothing but memory with key 0 may be accessed (init_pkru_value). */
  static final int FIRST_PKRU = 0x5555_5554;

  /** Rights that pkey_alloc may take away: PKEY_ACCESS_MASK. */
  private static final int RIGHTS = 3;

  private Pkeys() {}

  private static boolean exist(AddressSpace mm) {
    return mm.kernel().options().protectionKeys();
  }

  /** As pkey_alloc(): a key from 1 on, {@code rights} taken away in PKRU. */
  static long alloc(AddressSpace mm, int rights) {
    if ((rights & ~RIGHTS) != 0 || !exist(mm)) {
      return Errno.EINVAL.result();
    }
    int key = take(mm);
    if (key < 0) {
      return Errno.ENOSPC.result();
    }
    setRights(mm, key, rights);
    return key;
  }

  private static int take(AddressSpace mm) {
    int key = Integer.numberOfTrailingZeros(~mm.keys);
    if (key >= ProtectionKeys.KEYS) {
      return -1;
    }
    mm.keys |= 1 << key;
    return key;
  }

  private static void setRights(AddressSpace mm, int key, int rights) {
    int shift = 2 * key;
    mm.setPkru((mm.pkru() & ~(RIGHTS << shift)) | rights << shift);
  }

  /** As pkey_free(): key 0 can be given back like any other. */
  static long free(AddressSpace mm, int key) {
    if (!has(mm, key)) {
      return Errno.EINVAL.result();
    }
    mm.keys &= ~(1 << key);
    return 0;
  }

  /** Whether the process has been given that key; the one for memory to execute is not its own. */
  static boolean has(AddressSpace mm, int key) {
    boolean valid = key >= 0 && key < ProtectionKeys.KEYS && key != mm.executeOnlyKey;
    return valid && (mm.keys >> key & 1) != 0;
  }

  /** The key of a mapping. */
  static int of(Vma vma) {
    return (int) ((vma.flags() & VmFlag.PKEY) >>> VmFlag.PKEY_SHIFT);
  }

  /** The flags of a VMA that say {@code key}. */
  static long flags(int key) {
    return (long) key << VmFlag.PKEY_SHIFT;
  }

  /** Whether the key of {@code vma} allows a load or store, as arch_vma_access_permitted(). */
  static boolean allows(Vma vma, boolean write) {
    if (!exist(vma.mm)) {
      return true;
    }
    int key = of(vma);
    int pkru = vma.mm.pkru();
    return !ProtectionKeys.accessDisabled(pkru, key)
        && !(write && ProtectionKeys.writeDisabled(pkru, key));
  }

  /** The key of a new mapping: one that cannot be read if it may only be executed. */
  static int ofNew(AddressSpace mm, int prot) {
    return prot == Prot.EXEC ? Math.max(0, executeOnly(mm)) : 0;
  }

  /** The key that mprotect without one gives {@code vma}, as __arch_override_mprotect_pkey(). */
  static int afterMprotect(Vma vma, int prot) {
    if (prot == Prot.EXEC) {
      int key = executeOnly(vma.mm);
      if (key > 0) {
        return key;
      }
    } else if ((vma.flags() & VmFlag.ACCESS) == VmFlag.EXEC && of(vma) == vma.mm.executeOnlyKey) {
      return 0;
    }
    return of(vma);
  }

  /** The key for memory that can only be executed, as execute_only_pkey(); -1 if none is left. */
  private static int executeOnly(AddressSpace mm) {
    if (!exist(mm)) {
      return -1;
    }
    if (mm.executeOnlyKey < 0) {
      mm.executeOnlyKey = take(mm);
    }
    int key = mm.executeOnlyKey;
    if (key >= 0 && !ProtectionKeys.accessDisabled(mm.pkru(), key)) {
      setRights(mm, key, ProtectionKeys.AD);
    }
    return key;
  }
}
