package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A page walk that can be made wrong on purpose, one switch at a time. It is written by itself,
 * without the reference walk's parts, for one processor under one setting of its registers.
 */
final class DeviantWalk {
  private static final long PAGE = 4096;

  private final PhysicalMemory memory;
  private final Cpu cpu;
  private final Registers registers;
  private final Set<Deviation> on;

  DeviantWalk(PhysicalMemory memory, Cpu cpu, Registers registers, Set<Deviation> on) {
    this.memory = memory;
    this.cpu = cpu;
    this.registers = registers;
    this.on = on;
  }

  /**
   * A translation, with what of it rights depend on.
   *
   * @param page physical address of its 4 KiB
   * @param span bytes of the page that they are a piece of
   * @param leaf the entry that maps it
   * @param user whether it is a user-mode address
   * @param writable whether its entries let it be written
   * @param tablesWritable whether all but the leaf do
   * @param noFetch whether its entries forbid fetches
   * @param dirty whether D was 1, or has been set
   */
  record Mapping(
      long page,
      long span,
      long leaf,
      boolean user,
      boolean writable,
      boolean tablesWritable,
      boolean noFetch,
      boolean dirty) {
    Mapping withDirty(boolean isDirty) {
      return new Mapping(page, span, leaf, user, writable, tablesWritable, noFetch, isDirty);
    }

    Mapping fetchable() {
      return new Mapping(page, span, leaf, user, writable, tablesWritable, false, dirty);
    }

    boolean isGlobal() {
      return Entry.has(leaf, Entry.G);
    }
  }

  /**
   * What came of a walk.
   *
   * @param outcome of the access
   * @param mapping what a TLB may keep; null if there is none
   */
  record Result(Outcome outcome, Mapping mapping) {}

  private boolean is(Deviation deviation) {
    return on.contains(deviation);
  }

  /** The exception for an address that is not canonical; null if it is. */
  Outcome refuseAddress(long address) {
    int width = is(Deviation.LA57_CANONICAL_48) ? 48 : registers.linearWidth();
    boolean canonical = LinearAddress.isCanonical(address, width);
    return canonical || is(Deviation.CANONICAL_IGNORED) ? null : new Outcome.GeneralProtection();
  }

  /** Walks the tables for an access. */
  Result walk(Access access) {
    List<Long> passed = new ArrayList<>(4);
    long address = access.linearAddress();
    Level level = Level.root(registers.la57());
    long table = registers.root();
    if (is(Deviation.ENTRY_256_NOT_FOR_USERS) && access.mode().isUser() && isEntry256(address)) {
      return new Result(
          fault(access, access.kind() == AccessKind.FETCH ? ErrorCode.ID : 0, false), null);
    }
    boolean user = true;
    boolean writable = true;
    boolean anyXd = false;
    boolean allXd = true;
    while (true) {
      long at = table + 8L * level.index(address);
      long entry = memory.read64(at);
      boolean leaf = isLeaf(entry, level);
      if (!Entry.has(entry, Entry.P)) {
        return stop(access, passed, 0);
      }
      if ((entry & reserved(level, leaf)) != 0) {
        return stop(
            access, passed, ErrorCode.RSVD | (is(Deviation.RSVD_WITHOUT_P) ? 0 : ErrorCode.P));
      }
      boolean counts = leaf || !is(Deviation.US_OF_LEAF_ONLY);
      boolean tablesWritable = writable;
      user &= !counts || Entry.has(entry, Entry.US);
      writable &= (!leaf && is(Deviation.RW_OF_LEAF_ONLY)) || Entry.has(entry, Entry.RW);
      anyXd |= (leaf || !is(Deviation.XD_OF_LEAF_ONLY)) && Entry.has(entry, Entry.XD);
      allXd &= Entry.has(entry, Entry.XD);
      if (leaf) {
        boolean noFetch = is(Deviation.XD_ANDED) ? allXd : anyXd;
        noFetch &= !is(Deviation.XD_IGNORED);
        boolean dirty = Entry.has(entry, Entry.D);
        Mapping mapping =
            new Mapping(
                page(entry, level, address),
                level.span(),
                entry,
                user,
                writable,
                tablesWritable,
                noFetch,
                dirty);
        return finish(access, mapping, passed, at);
      }
      passed.add(at);
      table = Entry.table(entry);
      level = level.next();
    }
  }

  private boolean isEntry256(long address) {
    return address < 0 && !registers.la57() && Level.PML4.index(address) == Level.ENTRIES / 2;
  }

  private boolean isLeaf(long entry, Level level) {
    return switch (level) {
      case PT -> true;
      case PD, PDPT -> Entry.has(entry, Entry.PS);
      case PML4, PML5 -> Entry.has(entry, Entry.PS) && is(Deviation.PS_AT_ANY_LEVEL);
    };
  }

  private long reserved(Level level, boolean leaf) {
    if (is(Deviation.RESERVED_BITS_IGNORED)) {
      return 0;
    }
    long mask = is(Deviation.MAXPHYADDR_IGNORED) ? 0 : Entry.ADDRESS & -(1L << cpu.maxPhyAddr());
    mask |= registers.nxe() || is(Deviation.XD_WITHOUT_NXE_IGNORED) ? 0 : Entry.XD;
    boolean sizeKnown = level == Level.PD || level == Level.PDPT;
    if (leaf && sizeKnown && !is(Deviation.LARGE_PAGE_LOW_BITS_IGNORED)) {
      mask |= (level.span() - 1) & -(2 * PAGE);
    }
    boolean ofPs = level == Level.PML4 || level == Level.PML5;
    boolean sized = level == Level.PDPT && !cpu.has(Feature.PAGE1GB);
    mask |= ofPs && !is(Deviation.PS_AT_ANY_LEVEL) ? Entry.PS : 0;
    mask |= sized && !is(Deviation.PAGE1GB_ABSENT_IGNORED) ? Entry.PS : 0;
    return mask;
  }

  /** The 4 KiB of the page in which {@code address} lies. */
  private long page(long entry, Level level, long address) {
    long page = Entry.page(entry, level);
    long offset = address & (level.span() - 1) & -PAGE;
    boolean large = level != Level.PT && Entry.has(entry, Entry.PAT_LARGE);
    return (page | offset) + (large && is(Deviation.PAT_BIT_12_AS_ADDRESS) ? PAGE : 0);
  }

  private Result stop(Access access, List<Long> passed, int cause) {
    markTables(passed, true, false);
    return new Result(fault(access, cause, false), null);
  }

  private Result finish(Access access, Mapping mapping, List<Long> passed, long at) {
    int refusal = refusal(access, mapping);
    boolean write = access.kind().isWrite();
    boolean refused = refusal != 0;
    markTables(passed, refused, write && !refused);
    long bits = 0;
    if (!refused || is(Deviation.A_OF_REFUSED_PAGE)) {
      bits |= is(Deviation.A_NEVER) ? 0 : Entry.A;
    }
    boolean dirties =
        refused
            ? write && is(Deviation.D_OF_REFUSED_WRITE)
            : is(Deviation.D_ON_READ) || (write && setsDirty(mapping));
    bits |= dirties && !is(Deviation.D_NEVER) ? Entry.D : 0;
    mark(at, bits);
    if (refused) {
      return new Result(fault(access, refusal, mapping.user), mapping);
    }
    Mapping marked = mapping.withDirty(mapping.dirty || dirties);
    return new Result(reached(access, mapping), marked);
  }

  /** Whether a write marks the page dirty: with shadow stacks none that is read-only. */
  private boolean setsDirty(Mapping mapping) {
    return Entry.has(mapping.leaf, Entry.RW) || !cpu.has(Feature.CET_SS);
  }

  static Outcome reached(Access access, Mapping mapping) {
    return new Outcome.Reached(mapping.page | (access.linearAddress() & (PAGE - 1)));
  }

  private void markTables(List<Long> passed, boolean faults, boolean write) {
    boolean none = is(Deviation.A_NEVER) || is(Deviation.A_OF_LEAF_ONLY);
    if (none || (faults && is(Deviation.A_BITS_ON_FAULT))) {
      return;
    }
    for (long at : passed) {
      mark(at, Entry.A | (write && is(Deviation.D_OF_TABLES) ? Entry.D : 0));
    }
  }

  private void mark(long at, long bits) {
    memory.write64(at, memory.read64(at) | bits);
  }

  /** Bits of the error code if rights forbid the access, P among them; 0 if they do not. */
  int refusal(Access access, Mapping mapping) {
    boolean user = access.mode().isUser();
    boolean fetch = access.kind() == AccessKind.FETCH;
    boolean wp = (registers.wp() || is(Deviation.CR0_WP_ALWAYS)) && !is(Deviation.NO_CR0_WP);
    boolean refused = user && !mapping.user;
    if (fetch) {
      refused |= mapping.noFetch && registers.nxe();
      refused |= !user && mapping.user && smep();
    } else if (access.kind().isShadowStack()) {
      refused |= !isShadowStack(mapping);
      refused |= !user && mapping.user && !is(Deviation.SHADOW_STACK_OF_USER_PAGE);
    } else {
      refused |= access.kind().isWrite() && !mapping.writable && (user || wp);
    }
    refused |= !user && mapping.user && smap(access);
    boolean byKey = (!fetch || is(Deviation.KEYS_REFUSE_FETCHES)) && isKeyRefused(access, mapping);
    if (!refused && !byKey) {
      return 0;
    }
    boolean hidden = is(Deviation.PK_FLAG_BEHIND_US) && user && !mapping.user;
    boolean told = byKey && !hidden && !is(Deviation.PK_FLAG_MISSING);
    return ErrorCode.P | (told ? ErrorCode.PK : 0);
  }

  /** R/W is 1 in every entry but the leaf, which has R/W 0 and D 1. */
  private boolean isShadowStack(Mapping mapping) {
    boolean tables = mapping.tablesWritable || is(Deviation.SHADOW_STACK_TABLES_IGNORED);
    if (Entry.has(mapping.leaf, Entry.RW)) {
      return tables && is(Deviation.SHADOW_STACK_ON_WRITABLE_PAGE);
    }
    return tables && (mapping.dirty || is(Deviation.SHADOW_STACK_WITHOUT_D));
  }

  private boolean smep() {
    boolean off = is(Deviation.SMEP_IGNORED) || (is(Deviation.SMEP_NEEDS_NX) && !registers.nxe());
    return registers.smep() && !off;
  }

  private boolean smap(Access access) {
    if (!registers.smap() || is(Deviation.SMAP_IGNORED)) {
      return false;
    }
    if (access.kind() == AccessKind.FETCH) {
      return is(Deviation.SMAP_REFUSES_FETCHES);
    }
    boolean acHelps = access.mode() == Mode.SUPERVISOR && !is(Deviation.SMAP_IGNORES_AC);
    return !(access.ac() && acHelps);
  }

  private boolean isKeyRefused(Access access, Mapping mapping) {
    boolean user = access.mode().isUser();
    boolean guardsUser = is(Deviation.PKRU_BY_CPL) ? user : mapping.user;
    boolean enabled = guardsUser ? registers.pke() : registers.pks();
    if (!enabled || is(Deviation.KEYS_IGNORED)) {
      return false;
    }
    int bits = (guardsUser ? registers.pkru() : registers.pkrs()) >>> (2 * Entry.key(mapping.leaf));
    boolean binds = user || registers.wp() || is(Deviation.WD_IGNORES_WP);
    return (bits & 1) != 0 || ((bits & 2) != 0 && access.kind().isWrite() && binds);
  }

  /** The page fault for a cause: P, RSVD, PK. */
  Outcome fault(Access access, int cause, boolean userPage) {
    boolean present = (cause & ErrorCode.P) != 0;
    boolean ofPage = present && is(Deviation.US_FLAG_OF_PAGE);
    boolean user = ofPage ? userPage : access.mode().isUser();
    int error = cause | (access.kind().isWrite() ? ErrorCode.WR : 0) | (user ? ErrorCode.US : 0);
    if (access.kind() == AccessKind.FETCH) {
      boolean smep = registers.smep() && !is(Deviation.ID_FLAG_NEEDS_NX);
      error |= registers.nxe() || smep || is(Deviation.ID_FLAG_ALWAYS) ? ErrorCode.ID : 0;
    }
    boolean ss = access.kind().isShadowStack() && !is(Deviation.SS_FLAG_MISSING);
    error |= ss ? ErrorCode.SS : 0;
    long address = access.linearAddress();
    return new Outcome.PageFault(error, is(Deviation.CR2_OF_PAGE) ? address & -PAGE : address);
  }
}
