package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Gzip;
import dev.pagewalk.TestSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a file, a command answers or refuses it in one line; it never breaks. */
class FuzzedInputTest {
  private static final long SEED = 20261121;
  private static final String PARTS = "\"{}[],:0x19af-#\\ntrue null e.\u0000\u00e9";

  private static final Path SCENARIOS =
      Path.of("test-vectors", "linux-mm", "linux-mm-public.jsonl.gz");

  @TempDir Path folder;

  @Test
  void brokenLinesOfVectorsAreRefusedOrRun() throws Exception {
    List<String> lines = vectors();
    Random random = new Random(SEED);
    Path file = folder.resolve("v.jsonl");
    int refused = 0;
    int rounds = TestSize.pick(500, 20_000);
    for (int i = 0; i < rounds; i++) {
      byte[] line = lines.get(random.nextInt(lines.size())).getBytes(StandardCharsets.UTF_8);
      Files.write(file, damaged(line, random));
      refused += run(i, "verify", "--cpu", "classroom", file.toString()) == 2 ? 1 : 0;
    }
    assertTrue(refused > rounds / 2, "most damage is noticed");
    System.out.println(
        "[pagewalk] damaged vectors: " + rounds + ", refused in one line: " + refused);
  }

  @Test
  void brokenLinesOfScenariosAreRefusedOrRun() throws Exception {
    List<String> lines = Gzip.lines(SCENARIOS);
    Random random = new Random(SEED);
    Path file = folder.resolve("s.jsonl");
    int refused = 0;
    int rounds = TestSize.pick(300, 5_000);
    for (int i = 0; i < rounds; i++) {
      byte[] line = lines.get(random.nextInt(lines.size())).getBytes(StandardCharsets.UTF_8);
      Files.write(file, damaged(line, random));
      CommandRun run = CommandRun.of("verify", "--cpu", "classroom", file.toString());
      refused += run.status() == 2 ? 1 : 0;
      check(i, run);
      assertFalse(run.out().contains("no exception of ours"), "round " + i + ": " + run.out());
    }
    assertTrue(refused > rounds / 2, "most damage is noticed");
    System.out.println(
        "[pagewalk] damaged scenarios: " + rounds + ", refused in one line: " + refused);
  }

  @Test
  void brokenImagesAndRegistersAreRefusedOrListed() throws Exception {
    byte[] image = Gzip.bytes(Path.of(CommandRun.IMAGE));
    byte[] registers = Files.readAllBytes(Path.of(CommandRun.REGISTERS));
    Random random = new Random(SEED);
    Path imageFile = folder.resolve("i.elf");
    Path registersFile = folder.resolve("r.json");
    int refused = 0;
    int rounds = TestSize.pick(150, 3_000);
    for (int i = 0; i < rounds; i++) {
      boolean breakImage = random.nextBoolean();
      Files.write(imageFile, breakImage ? damagedHeader(image, random) : image);
      Files.write(registersFile, breakImage ? registers : damaged(registers, random));
      refused +=
          run(
                      i,
                      "walk",
                      "--image",
                      imageFile.toString(),
                      "--registers",
                      registersFile.toString(),
                      "0x7ff64f24ecf8")
                  == 2
              ? 1
              : 0;
    }
    assertTrue(refused > rounds / 10, "damage is noticed");
    System.out.println(
        "[pagewalk] damaged images and registers: " + rounds + ", refused in one line: " + refused);
  }

  private static int run(int round, String... args) {
    CommandRun run = CommandRun.of(args);
    check(round, run);
    return run.status();
  }

  private static void check(int round, CommandRun run) {
    String what = "seed " + SEED + ", round " + round + ": " + run.err();
    assertTrue(run.status() <= 2, what);
    if (run.status() == 2) {
      assertTrue(run.err().startsWith("pagewalk: ") && run.err().lines().count() == 1, what);
      assertTrue(run.out().isEmpty(), what);
    }
  }

  /** The bytes with one to four of them replaced, removed, doubled or cut off. */
  private static byte[] damaged(byte[] bytes, Random random) {
    StringBuilder text = new StringBuilder(new String(bytes, StandardCharsets.UTF_8));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && !text.isEmpty(); i++) {
      int at = random.nextInt(text.length());
      char part = PARTS.charAt(random.nextInt(PARTS.length()));
      switch (random.nextInt(8)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, part);
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
        case 3 -> text.setLength(random.nextInt(8) == 0 ? at : text.length());
        default -> text.setCharAt(at, part);
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The image with bytes of its ELF header and program headers changed, or cut short. */
  private static byte[] damagedHeader(byte[] image, Random random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(image.length) : image.length;
    byte[] damaged = java.util.Arrays.copyOf(image, length);
    int headers = Math.min(length, 64 + 52 * 56);
    for (int i = random.nextInt(4); i >= 0 && headers > 0; i--) {
      damaged[random.nextInt(headers)] = (byte) random.nextInt();
    }
    return damaged;
  }

  private static List<String> vectors() throws Exception {
    List<String> lines = new ArrayList<>();
    Path file = Path.of("test-vectors", "walk", "walk-public.jsonl.gz");
    for (String line : Gzip.lines(file)) {
      if (lines.size() < 20 || line.contains("invpcid") || line.contains("masked")) {
        lines.add(line);
      }
    }
    return lines;
  }
}
