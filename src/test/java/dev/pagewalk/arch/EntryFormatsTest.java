package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of fields name every bit of every word once, and agree with the masks. */
class EntryFormatsTest {
  @ParameterizedTest
  @EnumSource(EntryKind.class)
  void everyBitOfAnEntryBelongsToOneField(EntryKind kind) {
    assertWithoutGaps(kind.fields(), 63);
  }

  @Test
  void everyBitOfARegisterBelongsToOneField() {
    assertWithoutGaps(Cr0.FIELDS, 63);
    assertWithoutGaps(Cr3.FIELDS, 63);
    assertWithoutGaps(Cr3.FIELDS_PCIDE, 63);
    assertWithoutGaps(Cr4.FIELDS, 63);
    assertWithoutGaps(Efer.FIELDS, 63);
    assertWithoutGaps(ErrorCode.FIELDS, 31);
  }

  @Test
  void theMasksAreThoseOfTheFields() {
    assertEquals(Cr0.DEFINED, defined(Cr0.FIELDS));
    assertEquals(ErrorCode.DEFINED, defined(ErrorCode.FIELDS));
    assertEquals(Efer.SCE | Efer.LME | Efer.LMA | Efer.NXE, defined(Efer.FIELDS));
    assertEquals(Cr4.LA57, named(Cr4.FIELDS, "LA57"));
    assertEquals(Cr4.PCIDE, named(Cr4.FIELDS, "PCIDE"));
    assertEquals(Cr4.SMEP, named(Cr4.FIELDS, "SMEP"));
    assertEquals(Cr4.SMAP, named(Cr4.FIELDS, "SMAP"));
    assertEquals(Cr4.PKE, named(Cr4.FIELDS, "PKE"));
    assertEquals(Cr4.PKS, named(Cr4.FIELDS, "PKS"));
    assertEquals(Cr4.CET, named(Cr4.FIELDS, "CET"));
    assertEquals(Cr4.LAM_SUP, named(Cr4.FIELDS, "LAM_SUP"));
  }

  @Test
  void theKindFollowsFromLevelAndPs() {
    assertEquals(EntryKind.PML5E, EntryKind.of(Entry.PS, Level.PML5));
    assertEquals(EntryKind.PML4E, EntryKind.of(Entry.PS, Level.PML4));
    assertEquals(EntryKind.PDPTE_1G, EntryKind.of(Entry.PS, Level.PDPT));
    assertEquals(EntryKind.PDPTE_TABLE, EntryKind.of(~Entry.PS, Level.PDPT));
    assertEquals(EntryKind.PDE_2M, EntryKind.of(Entry.PS, Level.PD));
    assertEquals(EntryKind.PDE_TABLE, EntryKind.of(~Entry.PS, Level.PD));
    assertEquals(EntryKind.PTE, EntryKind.of(Entry.PS, Level.PT));
  }

  @Test
  void theKeyIsBits62To59() {
    for (int key = 0; key < ProtectionKeys.KEYS; key++) {
      assertEquals(key, Entry.key((long) key << 59));
      assertEquals(key, Entry.key(((long) key << 59) | ~(0xfL << 59)));
    }
  }

  @Test
  void eachKeyHasTwoBitsOfItsRegister() {
    for (int bit = 0; bit < 32; bit++) {
      for (int key = 0; key < ProtectionKeys.KEYS; key++) {
        assertEquals(bit == 2 * key, ProtectionKeys.accessDisabled(1 << bit, key));
        assertEquals(bit == 2 * key + 1, ProtectionKeys.writeDisabled(1 << bit, key));
      }
      int key = 1 << (bit / 2);
      assertEquals(bit % 2 == 0 ? key : 0, ProtectionKeys.accessDisabledKeys(1 << bit));
      assertEquals(bit % 2 == 1 ? key : 0, ProtectionKeys.writeDisabledKeys(1 << bit));
    }
  }

  @Test
  void modesFollowFromTheCpl() {
    assertEquals(
        List.of(Mode.SUPERVISOR, Mode.SUPERVISOR, Mode.SUPERVISOR, Mode.USER),
        List.of(Mode.atCpl(0), Mode.atCpl(1), Mode.atCpl(2), Mode.atCpl(3)));
  }

  private static void assertWithoutGaps(List<Field> fields, int top) {
    int next = top;
    for (Field field : fields) {
      assertEquals(next, field.high(), field.name());
      next = field.low() - 1;
    }
    assertEquals(-1, next);
  }

  private static long defined(List<Field> fields) {
    long mask = 0;
    for (Field field : fields) {
      mask |= field.role() == Field.Role.DEFINED ? field.mask() : 0;
    }
    return mask;
  }

  private static long named(List<Field> fields, String name) {
    return fields.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow().mask();
  }
}
