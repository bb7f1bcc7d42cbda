package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The runner passes what was observed and nothing else, whichever engine answers. */
class VectorRunnerTest {
  private static final PhysicalMemory MEMORY = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private static final Engine SPEC = new SpecEngine(MEMORY);
  private static final Engine MMU = mmu();
  private static final String HEAD =
      "{\"id\":\"a/1\",\"group\":\"a\",\"cpu\":{\"maxphyaddr\":40,\"features\":[\"nx\",\"pge\"]},"
          + "\"state\":{\"cr0\":\"0x80010031\",\"cr3\":\"0x1000\",\"cr4\":\"0x20\","
          + "\"efer\":\"0xd00\"},\"memory\":[[\"0x1000\",\"0x2007\"],[\"0x2000\",\"0x3007\"],"
          + "[\"0x3000\",\"0x4007\"],[\"0x4000\",\"0x8007\"],[\"0x4010\",\"0x9007\"]],\"steps\":[";
  private static final String TAIL = "],\"sources\":[\"hand\"]}";
  private static final String ALL_ACCESSED =
      "[[\"0x1000\",\"0x2027\"],[\"0x2000\",\"0x3027\"],[\"0x3000\",\"0x4027\"],"
          + "[\"0x4000\",\"0x8027\"]]";

  @Test
  void anAccessThatReachesAndMarksAsObservedPasses() throws Exception {
    passes(read("0x123", 4, "\"expect\":{\"pa\":\"0x8123\"},\"memory_after\":" + ALL_ACCESSED));
  }

  @Test
  void anotherPhysicalAddressFailsAndTheWalkIsExplained() throws Exception {
    String steps = read("0x123", 4, "\"expect\":{\"pa\":\"0x8124\"}");
    Verdict.Failed failed = fails(steps);
    assertEquals(1, failed.step());
    assertEquals("physical address 0x8124", failed.expected());
    assertEquals("physical address 0x8123", failed.got());
    assertTrue(explanation(steps, 1).contains("read  PTE   [0x4000]"), explanation(steps, 1));
  }

  @Test
  void aFaultInPlaceOfAnAddressFails() throws Exception {
    Verdict.Failed failed = fails(read("0x1000", 1, "\"expect\":{\"pa\":\"0x8000\"}"));
    assertEquals("#PF error 0x4, CR2 0x1000", failed.got());
  }

  @Test
  void anotherErrorCodeOrCr2Fails() throws Exception {
    passes(read("0x1000", 1, fault("0x4", "0x1000")));
    fails(read("0x1000", 1, fault("0x5", "0x1000")));
    fails(read("0x1000", 1, fault("0x4", "0x1001")));
  }

  @Test
  void aWordThatShouldHaveChangedAndDidNotFails() throws Exception {
    String after = ALL_ACCESSED.replace("0x8027", "0x8067");
    Verdict.Failed failed =
        fails(read("0x123", 4, "\"expect\":{\"pa\":\"0x8123\"},\"memory_after\":" + after));
    assertEquals("physical 0x4000 = 0x8067", failed.expected());
    assertEquals("physical 0x4000 = 0x8027", failed.got());
  }

  @Test
  void aWordThatChangedWithoutBeingListedFails() throws Exception {
    Verdict.Failed failed =
        fails(read("0x123", 4, "\"expect\":{\"pa\":\"0x8123\"},\"memory_after\":[]"));
    assertEquals("physical 0x1000 = 0x2007", failed.expected());
  }

  @Test
  void onlyTheBitsUnderTheMaskCount() throws Exception {
    String masked =
        "\"expect\":{\"pa\":\"0x8000\"},\"memory_after_masked\":[[\"0x1000\",\"0x2007\","
            + "\"0xffffffffffffffdf\"],[\"0x2000\",\"0x3027\",\"0xffffffffffffffff\"],"
            + "[\"0x3000\",\"0x0\",\"0x0\"],[\"0x4000\",\"0x8027\",\"0xffffffffffffffff\"],"
            + "[\"0x4010\",\"0x9007\",\"0xffffffffffffffff\"]]";
    passes(read("0x0", 1, masked));
    fails(read("0x0", 1, masked.replace("\"0x3027\"", "\"0x3007\"")));
  }

  @Test
  void anyOutcomeThatIsPermittedPasses() throws Exception {
    passes(read("0x0", 1, "\"permits\":[{\"pa\":\"0x7000\"},{\"pa\":\"0x8000\"}]"));
    fails(read("0x0", 1, "\"permits\":[{\"pa\":\"0x7000\"},{\"pa\":\"0x7001\"}]"));
  }

  @Test
  void aRegisterWriteThatShouldHaveBeenRefusedFailsAndTheOtherWayRound() throws Exception {
    String refused = ",\"expect\":{\"exception\":\"#GP\",\"error\":\"0x0\"}}";
    passes("{\"do\":\"mov_cr4\",\"value\":\"0x0\"" + refused);
    fails("{\"do\":\"mov_cr4\",\"value\":\"0xa0\"" + refused);
    String unexpected = "{\"do\":\"mov_cr4\",\"value\":\"0x0\"}";
    assertEquals("#GP error 0x0", fails(unexpected).got());
    assertEquals("CR4.PAE is cleared in IA-32e mode", explanation(unexpected, 1));
  }

  @Test
  void anAccessAcrossTwoPagesFaultsAtTheStartOfTheSecond() throws Exception {
    passes(read("0xffe", 2, "\"expect\":{\"pa\":\"0x8ffe\"}"));
    passes(read("0xffe", 4, fault("0x4", "0x1000")));
    passes(read("0x1fff", 2, fault("0x4", "0x1fff")));
  }

  @Test
  void anAccessThatLeavesTheCanonicalRangeIsRefused() throws Exception {
    String top = "\"expect\":{\"exception\":\"#GP\",\"error\":\"0x0\"}";
    passes(read("0x800000000000", 1, top));
  }

  @Test
  void aStoreIsSeenByTheNextWalk() throws Exception {
    passes(
        "{\"do\":\"store\",\"pa\":\"0x4008\",\"value\":\"0x70027\"},"
            + "{\"do\":\"invlpg\",\"va\":\"0x1000\"},"
            + read("0x1234", 1, "\"expect\":{\"pa\":\"0x70234\"}"));
  }

  @Test
  void everyPublicVectorFailsWhenWhatWasObservedIsChanged() throws Exception {
    int changed = 0;
    try (LineReader lines = new LineReader(Path.of("test-vectors/walk/walk-public.jsonl.gz"))) {
      while (lines.next() && changed < 2000) {
        String line = lines.text();
        String other =
            line.replaceFirst(
                    "\"expect\":\\{\"pa\":\"0x([^\"]*).\"", "\"expect\":{\"pa\":\"0x$1b\"")
                .replaceFirst("\"error\":\"0x[1-9a-f][^\"]*\"", "\"error\":\"0x2f\"");
        if (!other.equals(line) && !other.contains("\"0xb\"")) {
          assertInstanceOf(Verdict.Failed.class, run(SPEC, other), other);
          assertInstanceOf(Verdict.Failed.class, run(MMU, other), other);
          changed++;
        }
      }
    }
    assertEquals(2000, changed);
  }

  private static String read(String va, int size, String rest) {
    return "{\"do\":\"read\",\"va\":\"%s\",\"size\":%d,\"cpl\":3,\"ac\":0,%s}"
        .formatted(va, size, rest);
  }

  private static String fault(String error, String cr2) {
    return "\"expect\":{\"exception\":\"#PF\",\"error\":\"%s\",\"cr2\":\"%s\"}"
        .formatted(error, cr2);
  }

  private static void passes(String steps) throws InputException {
    assertEquals(Verdict.PASSED, run(SPEC, HEAD + steps + TAIL));
    assertEquals(Verdict.PASSED, run(MMU, HEAD + steps + TAIL));
  }

  private static Verdict.Failed fails(String steps) throws InputException {
    Verdict verdict = run(SPEC, HEAD + steps + TAIL);
    assertEquals(verdict, run(MMU, HEAD + steps + TAIL));
    return assertInstanceOf(Verdict.Failed.class, verdict);
  }

  private static String explanation(String steps, int number) throws InputException {
    return new VectorRunner(SPEC, ModelPresets.SDM).explain(parse(HEAD + steps + TAIL), number);
  }

  private static Verdict run(Engine engine, String line) throws InputException {
    return new VectorRunner(engine, ModelPresets.SDM).run(parse(line));
  }

  private static Engine mmu() {
    try {
      return new MmuEngine(CpuModels.of("classroom"), MEMORY);
    } catch (InputException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WalkVector parse(String line) throws InputException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    try (Cursor cursor = new Cursor(new Cursor.Line("test", 1, bytes, 0, bytes.length))) {
      return new VectorParser().parse(cursor);
    }
  }
}
