package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory types as a whole, and which writes of their MSRs a processor accepts. */
class MemoryTypingTest {
  private static final Cpu CPU = Cpu.withEverything(40, ModelPresets.SDM);
  private static final MemoryTyping START = MemoryTyping.DEFAULT;

  @Test
  void byDefaultAllMemoryIsOfThePatsTypeSinceTheMtrrsSayWriteBack() {
    String[] types = {"WB", "WT", "UC", "UC", "WB", "WT", "UC", "UC"};
    for (int i = 0; i < types.length; i++) {
      assertEquals(types[i], START.of(0xa0000, i).mnemonic());
      assertEquals(types[i], START.of((1L << 52) - 1, i).mnemonic());
    }
  }

  @Test
  void anAccessIsOfTheTypeOfItsAddressAndOfItsPatEntryTogether() {
    MemoryTyping typing = accepted(START.withMsr(CPU, 0x200, 0x8000_0000L | 1));
    typing = accepted(typing.withMsr(CPU, 0x201, 0xff_f000_0000L | 1 << 11));
    assertEquals(MemoryType.WC, typing.of(0x8000_0000L, 2), "UC- gives way to WC");
    assertEquals(MemoryType.UC, typing.of(0x8000_0000L, 3), "UC does not");
    assertEquals(MemoryType.UC, typing.of(0x9000_0000L, 2));
    assertEquals(MemoryType.WB, typing.of(0x9000_0000L, 0));
    typing = accepted(typing.withMsr(CPU, 0x277, 0x0007_0406_0007_0401L));
    assertEquals(MemoryType.WC, typing.of(0x9000_0000L, 0));
    typing = accepted(typing.withMsr(CPU, 0x2ff, 0));
    assertEquals(MemoryType.UC, typing.of(0x8000_0000L, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "0x277, 0x0706050401000706",
    "0x2ff, 0xc06",
    "0x2ff, 0",
    "0x2ff, 0x401",
    "0x2ff, 0x804",
    "0x2ff, 0xc05",
    "0x250, 0x0605040100000606",
    "0x258, 0x0101010101010101",
    "0x259, 0x0404040404040404",
    "0x268, 6",
    "0x26f, 0x0600000000000000",
    "0x200, 0xfffffff006",
    "0x201, 0xfffffff800",
    "0x212, 0xfffffff000",
    "0x213, 0xfffffff000",
  })
  void aLegalValueIsReadBackAndChangesNoOtherMsr(String index, String text) {
    long msr = Long.decode(index);
    long value = Long.decode(text);
    MemoryTyping after = accepted(START.withMsr(CPU, msr, value));
    for (long other = 0; other < 0x400; other++) {
      OptionalLong expected = other == msr ? OptionalLong.of(value) : START.read(other);
      assertEquals(expected, after.read(other), Hex.of(other));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x277, 0x0000000000000002, entry 0 of IA32_PAT",
    "0x277, 0x0300000000000000, entry 7 of IA32_PAT",
    "0x277, 0x0000080000000000, entry 5 of IA32_PAT",
    "0x0fe, 0x508, IA32_MTRRCAP is read-only",
    "0x2ff, 0x802, memory type 0x2",
    "0x2ff, 0x807, memory type 0x7",
    "0x2ff, 0x906, bits 9:8",
    "0x2ff, 0xa06, bits 9:8",
    "0x2ff, 0x1806, 63:12",
    "0x250, 0x0700000000000000, memory type 0x7",
    "0x259, 0x0000000000030000, memory type 0x3",
    "0x26f, 0x0000000000000008, memory type 0x8",
    "0x200, 0x07, memory type 0x7",
    "0x200, 0x106, bits 11:8",
    "0x200, 0x806, bits 11:8",
    "0x200, 0x10000000006, 63:40",
    "0x201, 0x400, bits 10:0",
    "0x201, 0x801, bits 10:0",
    "0x201, 0x10000000800, 63:40",
    "0x214, 0, no MSR 0x214",
    "0x1ff, 0, no MSR 0x1ff",
    "0x251, 0, no MSR 0x251",
    "0x257, 0, no MSR 0x257",
    "0x25a, 0, no MSR 0x25a",
    "0x267, 0, no MSR 0x267",
    "0x270, 0, no MSR 0x270",
  })
  void anIllegalValueIsRefusedWithItsReason(String msr, String value, String words) {
    MemoryTyping.Write write = START.withMsr(CPU, Long.decode(msr), Long.decode(value));
    String reason = assertInstanceOf(MemoryTyping.Write.Refused.class, write).reason();
    assertTrue(reason.contains(words), reason);
  }

  @Test
  void theWidthOfAddressesIsTheProcessors() {
    long base = 1L << 45 | 6;
    long mask = 1L << 45 | VariableRange.VALID;
    Cpu wide = Cpu.withEverything(46, ModelPresets.SDM);
    MemoryTyping typing = accepted(START.withMsr(wide, 0x200, base));
    accepted(typing.withMsr(wide, 0x201, mask));
    for (int narrow : new int[] {36, 45}) {
      Cpu cpu = Cpu.withEverything(narrow, ModelPresets.SDM);
      assertInstanceOf(MemoryTyping.Write.Refused.class, START.withMsr(cpu, 0x200, base));
      assertInstanceOf(MemoryTyping.Write.Refused.class, START.withMsr(cpu, 0x201, mask));
    }
  }

  @Test
  void theCapabilitiesCountTheVariableRanges() {
    assertEquals(OptionalLong.of(0x50a), START.read(0xfe));
    assertEquals(
        OptionalLong.of(0x508), new MemoryTyping(Pat.POWER_UP, Mtrrs.afterReset(8)).read(0xfe));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0x1b, 0x1ff, 0x214, 0x24f, 0x276, 0x300, 0xc000_0080L, 0x6e1})
  void otherMsrsHaveNothingToDoWithMemoryTypes(long msr) {
    assertTrue(START.read(msr).isEmpty());
    assertInstanceOf(MemoryTyping.Write.Refused.class, START.withMsr(CPU, msr, 0));
  }

  private static MemoryTyping accepted(MemoryTyping.Write write) {
    return assertInstanceOf(MemoryTyping.Write.Accepted.class, write).after();
  }
}
