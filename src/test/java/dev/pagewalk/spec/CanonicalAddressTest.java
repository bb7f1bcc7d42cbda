package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An address is canonical if the bits above its width all equal the highest bit of its width. */
class CanonicalAddressTest {
  private static final Outcome GP = new Outcome.GeneralProtection();

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 0x0000_7fff_ffff_ffffL, 0xffff_8000_0000_0000L, -1, 0xffff_8000_0000_0001L})
  void fortyEightBitsReachToTheEdges(long va) {
    try (PageTables tables = PageTables.fourLevel()) {
      assertEquals(new Outcome.PageFault(0, va), tables.supervisor(AccessKind.READ, va));
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0x0000_8000_0000_0000L,
        0xffff_7fff_ffff_ffffL,
        0x8000_0000_0000_0000L,
        0x7fff_ffff_ffff_ffffL,
        0x0001_0000_0000_0000L,
        0xfffe_ffff_ffff_ffffL,
        0x00ff_ffff_ffff_ffffL
      })
  void fortyEightBitsEndAtTheEdges(long va) {
    try (PageTables tables = PageTables.fourLevel()) {
      for (AccessKind kind : AccessKind.values()) {
        assertEquals(GP, tables.supervisor(kind, va));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        0x0000_8000_0000_0000L,
        0xffff_7fff_ffff_ffffL,
        0x00ff_ffff_ffff_ffffL,
        0xff00_0000_0000_0000L,
        -1
      })
  void fiftySevenBitsReachToTheEdges(long va) {
    try (PageTables tables = PageTables.fiveLevel()) {
      assertEquals(new Outcome.PageFault(0, va), tables.supervisor(AccessKind.READ, va));
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0x0100_0000_0000_0000L,
        0xfeff_ffff_ffff_ffffL,
        0x8000_0000_0000_0000L,
        0x7fff_ffff_ffff_ffffL,
        0x01ff_ffff_ffff_ffffL
      })
  void fiftySevenBitsEndAtTheEdges(long va) {
    try (PageTables tables = PageTables.fiveLevel()) {
      for (AccessKind kind : AccessKind.values()) {
        assertEquals(GP, tables.supervisor(kind, va));
      }
    }
  }

  @Test
  void flippingAnySingleBitAboveTheWidthMakesAnAddressNonCanonical() {
    for (int width : new int[] {48, 57}) {
      for (long va : new long[] {0x0000_1234_5678_9abcL, 0xffff_9234_5678_9abcL}) {
        assertEquals(true, LinearAddress.isCanonical(va, width));
        for (int bit = width - 1; bit < 64; bit++) {
          assertEquals(false, LinearAddress.isCanonical(va ^ 1L << bit, width), "bit " + bit);
        }
        assertEquals(true, LinearAddress.isCanonical(va ^ 1L << (width - 2), width));
      }
    }
  }

  @Test
  void noTableIsReadForANonCanonicalAddress() {
    try (PageTables tables = PageTables.fourLevel()) {
      WalkResult result =
          new ReferenceWalk(tables.memory, PageTables.CPU, tables.registers())
              .access(Access.of(1L << 47, AccessKind.READ, Mode.USER));
      WalkStep.AddressChecked check =
          assertInstanceOf(WalkStep.AddressChecked.class, result.steps().getFirst());
      assertEquals(new WalkStep.AddressChecked(1L << 47, 1L << 47, 48, false), check);
      assertEquals(new WalkStep.Stopped(Rule.CANONICAL, 0), result.steps().getLast());
      assertEquals(2, result.steps().size());
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void everyPresetRaisesAStackFaultThroughSs(Mode mode) {
    for (Map.Entry<String, ModelChoices> preset : ModelPresets.all().entrySet()) {
      assertEquals(new Outcome.StackFault(), throughSs(preset.getValue(), mode), preset.getKey());
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theOtherChoiceRaisesAGeneralProtectionFaultThroughSs(Mode mode) {
    assertEquals(GP, throughSs(ModelPresets.SDM.with(NonCanonicalStack.GENERAL_PROTECTION), mode));
  }

  @Test
  void aCanonicalAddressThroughSsIsAsAnyOther() {
    try (PageTables tables = PageTables.withPage(0x5000, 0x7000)) {
      Access push = new Access(0x5008, AccessKind.WRITE, Mode.USER, false, true);
      ReferenceWalk walk = new ReferenceWalk(tables.memory, PageTables.CPU, tables.registers());
      assertEquals(new Outcome.Reached(0x7008), walk.access(push).outcome());
      assertEquals(new Outcome.PageFault(6, 0x6008), walk.access(push.at(0x6008)).outcome());
    }
  }

  @Test
  void bothHalvesHaveEntriesOfTheirOwn() {
    long low = 0x0000_7fff_ffff_f000L;
    long high = 0xffff_8000_0000_0000L;
    try (PageTables tables = PageTables.withPage(low, 0x1000)) {
      tables.map(high, Level.PT, 0x2000 | Entry.P);
      assertEquals(new Outcome.Reached(0x1fff), tables.supervisor(AccessKind.READ, low + 0xfff));
      assertEquals(new Outcome.Reached(0x2000), tables.supervisor(AccessKind.READ, high));
    }
  }

  private static Outcome throughSs(ModelChoices choices, Mode mode) {
    try (PageTables tables = PageTables.fourLevel()) {
      Access pop = new Access(1L << 47, AccessKind.READ, mode, false, true);
      Cpu cpu = PageTables.CPU.with(choices);
      return new ReferenceWalk(tables.memory, cpu, tables.registers()).access(pop).outcome();
    }
  }
}
