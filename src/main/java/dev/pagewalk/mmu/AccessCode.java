package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Mode;

/**
 * How an access is made, as a number from 0 to {@link #COUNT} - 1: what {@link Mmu#translate}
 * takes.
 *
 * <p>Bits 2:0 are the kind (0 read, 1 write, 2 fetch, 4 and 5 shadow-stack read and write), bit 3
 * is set for user mode, bit 4 for implicit supervisor accesses, bit 5 is RFLAGS.AC, bit 6 is set
 * for accesses through SS. A program that makes codes itself may rely on that: a write is the read
 * of the same mode plus 1. Kinds 3, 6 and 7 do not exist.
 */
public final class AccessCode {
  /** A load at CPL 0 to 2 with RFLAGS.AC = 0. */
  public static final int SUPERVISOR_READ = 0;

  /** A store at CPL 0 to 2 with RFLAGS.AC = 0. */
  public static final int SUPERVISOR_WRITE = 1;

  /** An instruction fetch at CPL 0 to 2. */
  public static final int SUPERVISOR_FETCH = 2;

  /** A load at CPL 3. */
  public static final int USER_READ = 8;

  /** A store at CPL 3. */
  public static final int USER_WRITE = 9;

  /** An instruction fetch at CPL 3. */
  public static final int USER_FETCH = 10;

  /** Codes are below this. */
  public static final int COUNT = 128;

  static final int WRITE = 1;
  static final int FETCH = 2;
  static final int SHADOW_STACK = 4;
  static final int USER = 8;
  static final int IMPLICIT = 16;
  static final int AC = 32;
  static final int STACK = 64;

  private AccessCode() {}

  /** The code of everything in {@code access} but its address. */
  public static int of(Access access) {
    int mode =
        switch (access.mode()) {
          case USER -> USER;
          case SUPERVISOR -> 0;
          case IMPLICIT_SUPERVISOR -> IMPLICIT;
        };
    return kind(access.kind()) | mode | (access.ac() ? AC : 0) | (access.stack() ? STACK : 0);
  }

  /** The code of an access through no stack segment, with RFLAGS.AC = 0. */
  public static int of(AccessKind kind, Mode mode) {
    return of(Access.of(0, kind, mode));
  }

  /** Refuses what is no code: bits 2:0 name no kind, or a bit above bit 6 is set. */
  static void check(int access) {
    if ((access & -COUNT) != 0 || !isCode(access)) {
      throw new IllegalArgumentException("not an access code: " + access);
    }
  }

  /** Whether bits 2:0 of {@code access} name a kind. */
  static boolean isCode(int access) {
    int kind = access & (SHADOW_STACK | FETCH | WRITE);
    return kind <= FETCH || (kind & FETCH) == 0;
  }

  private static int kind(AccessKind kind) {
    return switch (kind) {
      case READ -> 0;
      case WRITE -> WRITE;
      case FETCH -> FETCH;
      case SHADOW_STACK_READ -> SHADOW_STACK;
      case SHADOW_STACK_WRITE -> SHADOW_STACK | WRITE;
    };
  }
}
