package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Linear-address masking takes the data bits out of a pointer before it is translated. */
class LinearAddressMaskingTest {
  private static final Outcome GP = new Outcome.GeneralProtection();
  private static final long LOW = 0x0000_0012_3456_7000L;
  private static final long HIGH = 0xffff_9012_3456_7000L;

  /** A page of the 5-level lower half that 48 bits cannot name. */
  private static final long LOW_57 = 0x005a_0012_3456_7000L;

  private static final long HIGH_57 = 0xff5a_0012_3456_7000L;
  private final PageTables four = PageTables.fourLevel();
  private final PageTables five = PageTables.fiveLevel();

  LinearAddressMaskingTest() {
    for (PageTables tables : new PageTables[] {four, five}) {
      tables.map(LOW, Level.PT, 0xa000 | PageTables.OPEN);
      tables.map(HIGH, Level.PT, 0xb000 | PageTables.OPEN);
    }
    five.map(LOW_57, Level.PT, 0xc000 | PageTables.OPEN);
    five.map(HIGH_57, Level.PT, 0xd000 | PageTables.OPEN);
  }

  @AfterEach
  void close() {
    four.close();
    five.close();
  }

  @Test
  void withoutMaskingDataBitsMakeAPointerNonCanonical() {
    assertEquals(GP, read(four, 0, LOW | 1L << 48));
    assertEquals(GP, read(four, 0, LOW | 1L << 62));
    assertEquals(GP, read(four, 0, HIGH & ~(1L << 62)));
    assertEquals(GP, read(five, 0, LOW | 1L << 57));
  }

  @Test
  void lamU48TakesBits62To48OfUserPointers() {
    for (PageTables tables : new PageTables[] {four, five}) {
      for (int bit = 48; bit < 63; bit++) {
        assertEquals(reached(0xa123), read(tables, Cr3.LAM_U48, LOW + 0x123 | 1L << bit));
      }
      assertEquals(reached(0xa000), read(tables, Cr3.LAM_U48, LOW | 0x7fffL << 48));
      // Bit 47 is copied over them, and bit 63 must agree with it.
      assertEquals(GP, read(tables, Cr3.LAM_U48, LOW | 1L << 47 | 0x2aaaL << 48));
    }
  }

  @Test
  void lamU57TakesBits62To57OfUserPointers() {
    for (PageTables tables : new PageTables[] {four, five}) {
      for (int bit = 57; bit < 63; bit++) {
        assertEquals(reached(0xa000), read(tables, Cr3.LAM_U57, LOW | 1L << bit));
      }
      assertEquals(GP, read(tables, Cr3.LAM_U57, LOW | 1L << 56 | 0x15L << 57));
    }
    assertEquals(reached(0xc000), read(five, Cr3.LAM_U57, LOW_57 | 0x3fL << 57));
    // With four levels bits 56:47 are still addresses, and must be 0.
    assertEquals(GP, read(four, Cr3.LAM_U57, LOW | 1L << 48));
    assertEquals(GP, read(four, Cr3.LAM_U57, LOW | 1L << 47));
  }

  @Test
  void lamU57WinsWhereBothAreSet() {
    long both = Cr3.LAM_U48 | Cr3.LAM_U57;
    assertEquals(reached(0xc000), read(five, both, LOW_57 | 1L << 60));
    assertEquals(GP, read(four, both, LOW | 1L << 50));
    // With LAM_U48 alone bits 56:48 are data.
    assertEquals(reached(0xa000), read(five, Cr3.LAM_U48, LOW | 0x5aL << 48));
  }

  @Test
  void lamSupTakesTheBitsAboveTheWidthOfSupervisorPointers() {
    for (int bit = 48; bit < 63; bit++) {
      assertEquals(reached(0xb000), readSup(four, HIGH & ~(1L << bit)));
    }
    for (int bit = 57; bit < 63; bit++) {
      assertEquals(reached(0xd000), readSup(five, HIGH_57 & ~(1L << bit)));
    }
    assertEquals(GP, readSup(four, HIGH & ~(1L << 47)));
    assertEquals(GP, readSup(five, HIGH_57 & ~(1L << 56)));
    assertEquals(new Outcome.PageFault(0, HIGH & ~(1L << 55)), readSup(five, HIGH & ~(1L << 55)));
  }

  @Test
  void eachKindOfPointerHasItsOwnSwitch() {
    long user = Cr3.LAM_U48 | Cr3.LAM_U57;
    assertEquals(GP, read(four, user, HIGH & ~(1L << 60)));
    assertEquals(GP, readSup(four, LOW | 1L << 60));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void bit63TellsTheKindOfPointerWhoeverUsesIt(Mode mode) {
    Registers both =
        four.registers().withCr3(four.rootTable() | Cr3.LAM_U48).withCr4(Cr4.PAE | Cr4.LAM_SUP);
    ReferenceWalk walk = new ReferenceWalk(four.memory, PageTables.CPU, both);
    Access access = Access.of(LOW | 1L << 55, AccessKind.READ, mode);
    assertEquals(reached(0xa000), walk.access(access).outcome());
    assertEquals(reached(0xb000), walk.access(access.at(HIGH & ~(1L << 55))).outcome());
  }

  @ParameterizedTest
  @EnumSource(AccessKind.class)
  void everyKindOfAccessButTheFetchIsMasked(AccessKind kind) {
    Registers registers = four.registers().withCr3(four.rootTable() | Cr3.LAM_U48);
    ReferenceWalk walk = new ReferenceWalk(four.memory, PageTables.CPU, registers);
    Outcome outcome = walk.access(Access.of(LOW | 1L << 55, kind, Mode.USER)).outcome();
    assertEquals(kind == AccessKind.FETCH, outcome.equals(GP), outcome.toString());
  }

  @Test
  void cr2HoldsTheAddressWithoutTheDataBits() {
    four.write(LOW, Level.PT, 0);
    four.write(HIGH, Level.PT, 0);
    Outcome low = read(four, Cr3.LAM_U48, LOW + 0x321 | 0x7ace_0000_0000_0000L);
    assertEquals(new Outcome.PageFault(0, LOW + 0x321), low);
    Outcome high = readSup(four, HIGH + 0x321 & ~(0x7aceL << 48));
    assertEquals(new Outcome.PageFault(0, HIGH + 0x321), high);
  }

  @Test
  void anAddressStillNonCanonicalThroughSsIsAStackFault() {
    Registers registers = four.registers().withCr3(four.rootTable() | Cr3.LAM_U48);
    Access pop = new Access(LOW | 1L << 47, AccessKind.READ, Mode.USER, false, true);
    ReferenceWalk walk = new ReferenceWalk(four.memory, PageTables.CPU, registers);
    assertEquals(new Outcome.StackFault(), walk.access(pop).outcome());
  }

  @Test
  void theStepShowsThePointerAndTheAddress() {
    Registers registers = four.registers().withCr3(four.rootTable() | Cr3.LAM_U48);
    long pointer = LOW | 1L << 55;
    WalkResult result =
        new ReferenceWalk(four.memory, PageTables.CPU, registers)
            .access(Access.of(pointer, AccessKind.READ, Mode.USER));
    assertEquals(new WalkStep.AddressChecked(pointer, LOW, 48, true), result.steps().getFirst());
  }

  @Test
  void theMaskingBitsAreNoPartOfTheRootsAddress() {
    Registers registers = four.registers().withCr3(four.rootTable() | Cr3.LAM_U48 | Cr3.LAM_U57);
    assertEquals(four.rootTable(), registers.root());
  }

  private static Outcome reached(long pa) {
    return new Outcome.Reached(pa);
  }

  private static Outcome read(PageTables tables, long lamOfCr3, long pointer) {
    Registers registers = tables.registers().withCr3(tables.rootTable() | lamOfCr3);
    return new ReferenceWalk(tables.memory, PageTables.CPU, registers)
        .access(Access.of(pointer, AccessKind.READ, Mode.SUPERVISOR))
        .outcome();
  }

  private static Outcome readSup(PageTables tables, long pointer) {
    Registers plain = tables.registers();
    return new ReferenceWalk(
            tables.memory, PageTables.CPU, plain.withCr4(plain.cr4() | Cr4.LAM_SUP))
        .access(Access.of(pointer, AccessKind.READ, Mode.SUPERVISOR))
        .outcome();
  }
}
