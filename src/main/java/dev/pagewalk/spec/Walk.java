package dev.pagewalk.spec;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelChoices.KeyFlag;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.ModelChoices.RsvdErrorCode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One walk, from the linear address to the outcome, in the manual's order.
 *
 * <p>Source: SDM 3A "4-Level Paging and 5-Level Paging", "Access Rights", "Page-Fault Exceptions"
 * and "Accessed and Dirty Flags". The steps are numbered where they are taken.
 */
final class Walk {
  /** What a walk is for. */
  enum Purpose {
    /** Rights are checked, accessed and dirty bits are set. */
    ACCESS,
    /** Rights are checked, nothing is written. */
    PROBE,
    /** Neither. */
    TRANSLATION
  }

  private final ReferenceWalk unit;
  private final Registers registers;
  private final ModelChoices choices;
  private final Access access;
  private final Purpose purpose;
  private final List<WalkStep> steps = new ArrayList<>();

  /** The address that is translated: the access's, after linear-address masking. */
  private final long linearAddress;

  /** Entries that reference a table, as read by the present attempt, with their addresses. */
  private final List<WalkStep.EntryRead> passed = new ArrayList<>();

  Walk(ReferenceWalk unit, Access access, Purpose purpose) {
    this.unit = unit;
    this.registers = unit.registers;
    this.choices = unit.cpu.choices();
    this.access = access;
    this.purpose = purpose;
    this.linearAddress =
        purpose == Purpose.TRANSLATION
            ? access.linearAddress()
            : Pointer.unmasked(registers, access.kind(), access.linearAddress());
  }

  WalkResult run() {
    // 1. The linear address must be canonical.
    int width = registers.linearWidth();
    boolean canonical = LinearAddress.isCanonical(linearAddress, width);
    steps.add(new WalkStep.AddressChecked(access.linearAddress(), linearAddress, width, canonical));
    if (!canonical) {
      steps.add(new WalkStep.Stopped(Rule.CANONICAL, 0));
      return end(nonCanonical(), Optional.empty());
    }
    // 2. to 7. Walk the tables, again if an entry changed under our hands.
    while (true) {
      Optional<WalkResult> result = walkTables();
      if (result.isPresent()) {
        return result.get();
      }
      passed.clear();
    }
  }

  /** Steps 2 to 7; empty if an entry changed between its being read and its being marked. */
  private Optional<WalkResult> walkTables() {
    Level level = Level.root(registers.la57());
    long table = registers.root();
    Rights rights = Rights.ALL;
    while (true) {
      // 2. Bits of the linear address choose an entry of the table, and it is read.
      WalkStep.EntryRead read = readEntry(table, level);
      // 3. and 4. It must be present and must set no reserved bit.
      Optional<Outcome> stop = stopsWalk(read);
      if (stop.isPresent()) {
        return Optional.of(end(stop.get(), Optional.empty()));
      }
      rights = rights.restrictedBy(read.entry(), read.kind().isLeaf());
      if (read.kind().isLeaf()) {
        return finish(read, rights);
      }
      // 5. "Whenever the processor uses a paging-structure entry as part of linear-address
      // translation, it sets the accessed flag in that entry (if it is not already set)."
      passed.add(read);
      if (marksEarly() && !mark(read, Entry.A)) {
        return Optional.empty();
      }
      table = Entry.table(read.entry());
      level = level.next();
    }
  }

  private WalkStep.EntryRead readEntry(long table, Level level) {
    long address = table + (long) level.index(linearAddress) * Long.BYTES;
    long entry = unit.memory.read64(address);
    WalkStep.EntryRead read =
        new WalkStep.EntryRead(
            EntryKind.of(entry, level), address, entry, unit.memory.isHole(address));
    steps.add(read);
    return read;
  }

  /** The page fault with which the walk ends at {@code read}, if it does. */
  private Optional<Outcome> stopsWalk(WalkStep.EntryRead read) {
    // 3. "P flag (bit 0). This flag is 0 if there is no translation for the linear address because
    // the P flag was 0 in one of the paging-structure entries used to translate that address."
    if (!Entry.has(read.entry(), Entry.P)) {
      steps.add(new WalkStep.Stopped(Rule.PRESENT, Entry.P));
      return Optional.of(pageFault(0));
    }
    // 4. "RSVD flag (bit 3). This flag is 1 if there is no translation for the linear address
    // because a reserved bit was set in one of the paging-structure entries used to translate that
    // address."
    long set = read.entry() & unit.reserved.mask(read.kind());
    if (set != 0) {
      steps.add(new WalkStep.Stopped(Rule.RESERVED, set));
      // "Because reserved bits are not checked in a paging-structure entry whose P flag is 0, bit 3
      // of the error code can be set only if bit 0 is also set."
      boolean withP = choices.rsvdErrorCode() == RsvdErrorCode.WITH_P;
      return Optional.of(pageFault(ErrorCode.RSVD | (withP ? ErrorCode.P : 0)));
    }
    return Optional.empty();
  }

  /** Steps 6 and 7, with the entry that maps the page. */
  private Optional<WalkResult> finish(WalkStep.EntryRead leaf, Rights rights) {
    Level level = leaf.kind().level();
    long physicalAddress = Entry.page(leaf.entry(), level) | (linearAddress & (level.span() - 1));
    Translation translation =
        new Translation(level, leaf.physicalAddress(), leaf.entry(), physicalAddress, rights);
    Outcome reached = new Outcome.Reached(physicalAddress);
    if (purpose == Purpose.TRANSLATION) {
      return Optional.of(end(reached, Optional.of(translation)));
    }
    // DEVIATION: QEMU 7.2 marks a 1 GiB leaf as if it referenced a table.
    if (choices.accessedOnFault() == AccessedOnFault.UPPER_LEVELS_AND_1G_LEAF
        && leaf.kind() == EntryKind.PDPTE_1G
        && !mark(leaf, Entry.A)) {
      return Optional.empty();
    }
    // 6. The access must be allowed by all entries and registers together.
    List<Rule> violated = new AccessRights(registers, choices, access, translation).violated();
    steps.add(new WalkStep.RightsChecked(rights, leaf.entry(), violated));
    if (!violated.isEmpty()) {
      Outcome fault = pageFault(ErrorCode.P | keyFlag(violated));
      return Optional.of(end(fault, Optional.of(translation)));
    }
    // 7. The entries that were used are marked accessed, and the last one dirty if it was a write.
    if (!markAll(leaf)) {
      return Optional.empty();
    }
    return Optional.of(end(reached, Optional.of(translation)));
  }

  private boolean markAll(WalkStep.EntryRead leaf) {
    if (!marksEarly()) {
      for (WalkStep.EntryRead read : passed) {
        if (!mark(read, Entry.A)) {
          return false;
        }
      }
    }
    return mark(leaf, Entry.A | (setsDirty(leaf.entry()) ? Entry.D : 0));
  }

  /** "Whenever there is a write to a linear address, the processor sets the dirty flag ...". */
  private boolean setsDirty(long leaf) {
    if (!access.kind().isWrite()) {
      return false;
    }
    // "... a processor that supports CET will never set the dirty flag in a paging-structure entry
    // in which the R/W flag is clear." MODEL: we take CET here for CET's shadow stacks.
    boolean wouldMakeShadowStack = !Entry.has(leaf, Entry.RW) && unit.cpu.has(Feature.CET_SS);
    return choices.dirtyOnReadOnly() == DirtyOnReadOnly.SET || !wouldMakeShadowStack;
  }

  /** Sets {@code bits} in the entry by a locked update; false if the entry is no longer as read. */
  private boolean mark(WalkStep.EntryRead read, long bits) {
    long address = read.physicalAddress();
    long before = alreadyMarked(read);
    long after = before | bits;
    if (after == before || purpose == Purpose.TRANSLATION) {
      return true;
    }
    if (purpose == Purpose.ACCESS && !unit.memory.compareAndSet(address, before, after)) {
      steps.add(new WalkStep.Restarted(address));
      return false;
    }
    steps.add(new WalkStep.Marked(address, before, after));
    return true;
  }

  /**
   * The entry as this walk has left it: as read, or as marked by it since. A walk that writes
   * nothing reads entries that do not show its earlier marks, so those count as well.
   */
  private long alreadyMarked(WalkStep.EntryRead read) {
    long value = read.entry();
    int from = purpose == Purpose.ACCESS ? steps.lastIndexOf(read) : 0;
    for (WalkStep step : steps.subList(from, steps.size())) {
      if (step instanceof WalkStep.Marked(long address, long before, long after)
          && address == read.physicalAddress()
          && before == value) {
        value = after;
      }
    }
    return value;
  }

  private boolean marksEarly() {
    return choices.accessedOnFault() != AccessedOnFault.NONE;
  }

  /** The bits of the error code that describe the access, added to {@code cause}. */
  private Outcome pageFault(int cause) {
    int error = cause;
    error |= access.kind().isWrite() ? ErrorCode.WR : 0;
    error |= access.mode().isUser() ? ErrorCode.US : 0;
    // "I/D flag (bit 4). This flag is 1 if (1) the access causing the page-fault exception was an
    // instruction fetch; and (2) either (a) CR4.SMEP = 1; or (b) both (i) CR4.PAE = 1 ... and (ii)
    // IA32_EFER.NXE = 1."
    boolean tellsFetches = registers.smep() || registers.nxe();
    error |= access.kind() == AccessKind.FETCH && tellsFetches ? ErrorCode.ID : 0;
    error |= access.kind().isShadowStack() ? ErrorCode.SS : 0;
    return new Outcome.PageFault(error, linearAddress);
  }

  private int keyFlag(List<Rule> violated) {
    // DEVIATION: in QEMU 7.2 the refusal by U/S comes first and hides the key.
    boolean hidden =
        choices.keyFlag() == KeyFlag.NOT_BEHIND_US && violated.contains(Rule.USER_ADDRESS);
    return AccessRights.byKey(violated) && !hidden ? ErrorCode.PK : 0;
  }

  private Outcome nonCanonical() {
    // A reference through SS raises #SS(0), any other #GP(0).
    boolean stackFault =
        access.stack() && choices.nonCanonicalStack() == NonCanonicalStack.STACK_FAULT;
    return stackFault ? new Outcome.StackFault() : new Outcome.GeneralProtection();
  }

  private WalkResult end(Outcome outcome, Optional<Translation> translation) {
    return new WalkResult(outcome, translation, List.copyOf(steps));
  }
}
