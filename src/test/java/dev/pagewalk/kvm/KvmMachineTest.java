package dev.pagewalk.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest performs single accesses through tables that we have written, and tells what came. */
class KvmMachineTest {
  private static final long[] TABLES = {0x1000_0000L, 0x1000_1000L, 0x1000_2000L, 0x1000_3000L};
  private static final long PAGE = 0x2000_0000L;
  private static final long ADDRESS = 0x7f12_3456_7000L;
  private static final long LEAF = TABLES[3] + 8L * Level.PT.index(ADDRESS);
  private static final long MARKS = Entry.A | Entry.D;

  private Kvm kvm;
  private KvmMachine machine;
  private PhysicalMemory memory;

  @BeforeEach
  void open() throws Exception {
    String whyNot = Kvm.whyNot().orElse("");
    assumeTrue(whyNot.isEmpty(), "skipped: " + whyNot);
    kvm = Kvm.open();
    memory = kvm.memory();
    machine = kvm.machine(new Cpu(40, EnumSet.of(Feature.NX), ModelPresets.SDM));
    Level level = Level.PML4;
    for (int i = 0; i < 4; i++) {
      long next = i < 3 ? TABLES[i + 1] : PAGE;
      memory.write64(
          TABLES[i] + 8L * level.index(ADDRESS), next | Entry.P | Entry.RW | Entry.US | Entry.A);
      level = i < 3 ? level.next() : level;
    }
  }

  @AfterEach
  void close() {
    if (kvm != null) {
      kvm.close();
    }
  }

  private void start() throws KvmException {
    machine.start(
        new KvmMachine.Start(
            Registers.longMode(TABLES[0]),
            Set.of(TABLES[0]),
            Set.of(TABLES[0], TABLES[1], TABLES[2], TABLES[3], PAGE),
            5));
  }

  @Test
  void readsAtBothPrivilegeLevelsReachThePage() throws Exception {
    memory.write64(PAGE + 0x18, 0x1122_3344_5566_7788L);
    start();
    for (boolean user : new boolean[] {false, true}) {
      GuestEvent event =
          machine.access(
              GuestOperation.read(8), ADDRESS + 0x18, 0, new KvmMachine.Privilege(user, false));
      assertEquals(new GuestEvent.Completed(0x1122_3344_5566_7788L), event);
    }
    assertEquals(Entry.A, memory.read64(LEAF) & MARKS);
    machine.finish();
  }

  @Test
  void aWriteMarksThePageDirty() throws Exception {
    start();
    assertInstanceOf(
        GuestEvent.Completed.class,
        machine.access(
            GuestOperation.write(2), ADDRESS, 0xabcd, new KvmMachine.Privilege(true, false)));
    assertEquals(0xabcd, memory.read16(PAGE));
    assertEquals(MARKS, memory.read64(LEAF) & MARKS);
    machine.finish();
  }

  @Test
  void aFetchIsCarriedOut() throws Exception {
    memory.write8(PAGE + 5, 0xf4);
    start();
    for (boolean user : new boolean[] {false, true}) {
      assertInstanceOf(GuestEvent.Completed.class, machine.fetch(ADDRESS + 5, 1, user, false));
    }
    machine.finish();
  }

  @Test
  void aPageFaultTellsErrorCodeAndAddress() throws Exception {
    memory.write64(LEAF, memory.read64(LEAF) & ~Entry.US);
    start();
    GuestEvent event =
        machine.access(
            GuestOperation.write(4), ADDRESS + 8, 1, new KvmMachine.Privilege(true, false));
    GuestEvent.Raised raised = assertInstanceOf(GuestEvent.Raised.class, event);
    assertEquals(14, raised.vector());
    assertEquals(7, raised.error());
    assertEquals(ADDRESS + 8, raised.cr2());
    machine.finish();
  }

  @Test
  void tablesThatWereEditedFromOutsideAreSeenAfterAStart() throws Exception {
    for (int round = 0; round < 4; round++) {
      long page = PAGE + 4096L * round;
      memory.write64(LEAF, page | Entry.P | Entry.RW | Entry.US);
      memory.write64(page, round + 100);
      start();
      assertEquals(
          new GuestEvent.Completed(round + 100),
          machine.access(
              GuestOperation.read(8), ADDRESS, 0, new KvmMachine.Privilege(true, false)));
      machine.finish();
    }
  }

  @Test
  void aStoreOfSoftwareIsSeenAfterInvlpg() throws Exception {
    memory.write64(PAGE, 1);
    memory.write64(PAGE + 4096, 2);
    start();
    assertEquals(
        new GuestEvent.Completed(1),
        machine.access(GuestOperation.read(8), ADDRESS, 0, new KvmMachine.Privilege(true, false)));
    machine.store(LEAF, (PAGE + 4096) | Entry.P | Entry.RW | Entry.US);
    assertInstanceOf(GuestEvent.Completed.class, machine.invlpg(ADDRESS));
    assertEquals(
        new GuestEvent.Completed(2),
        machine.access(GuestOperation.read(8), ADDRESS, 0, new KvmMachine.Privilege(true, false)));
    machine.finish();
  }

  @Test
  void whereThereIsNoMemoryTheAddressIsTold() throws Exception {
    long far = 0x12_3456_7000L;
    memory.write64(LEAF, far | Entry.P | Entry.RW | Entry.US);
    start();
    assertEquals(
        new GuestEvent.NoMemory(far + 0x10),
        machine.access(
            GuestOperation.read(4), ADDRESS + 0x10, 0, new KvmMachine.Privilege(false, false)));
    assertEquals(
        new GuestEvent.NoMemory(far + 0x20),
        machine.access(
            GuestOperation.write(4), ADDRESS + 0x20, 1, new KvmMachine.Privilege(false, false)));
    machine.finish();
  }

  @Test
  void nothingOfOursStaysInTheVectorsTables() throws Exception {
    start();
    assertEquals(new GuestSpace(0x3_f000_0000L, 0).rootEntry(false), memory.read64(TABLES[0] + 40));
    machine.finish();
    assertEquals(0, memory.read64(TABLES[0] + 40));
  }
}
