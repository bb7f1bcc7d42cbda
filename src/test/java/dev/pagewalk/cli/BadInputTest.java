package dev.pagewalk.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad arguments and files of walk, maps and verify: one line, status 2, nothing on output. */
class BadInputTest {
  private static final String I = CommandRun.IMAGE;
  private static final String R = CommandRun.REGISTERS;

  @TempDir Path folder;

  static Stream<Arguments> missing() {
    return Stream.of(
        bad("missing --image", "walk", "--registers", R, "0x0"),
        bad("missing --image", "maps", "--registers", R),
        bad("expected --registers FILE or --cr3 X", "walk", "--image", I, "0x0"),
        bad("expected --registers FILE or --cr3 X", "maps", "--image", I),
        bad("expected linear addresses", "walk", "--image", I, "--registers", R),
        bad("no such file", "walk", "--image", "none.elf", "--registers", R, "0x0"),
        bad("no such file", "walk", "--image", I, "--registers", "none.json", "0x0"),
        bad("no such file", "walk", "--image", I, "--cr3", "0x0", "--addresses", "none.txt"));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        bad("expected 0x and hex digits", "walk", "--image", I, "--registers", R, "7ff64f24ecf8"),
        bad("expected 0x and hex digits", "walk", "--image", I, "--registers", R, "0xyz"),
        bad("at most 64 bits", "walk", "--image", I, "--registers", R, "0x10000000000000000"),
        bad("expected 0x and hex digits", "walk", "--image", I, "--registers", R, "-1"),
        bad("--cr3: expected 0x", "maps", "--image", I, "--cr3", "root"),
        bad(
            "CR3: expected a physical address of 40 bits",
            "maps",
            "--image",
            I,
            "--registers",
            R,
            "--cr3",
            "0x10000000000"),
        bad("CR0.PG, CR4.PAE and EFER.LMA", "maps", "--image", I, "--registers", R, "--cr0", "1"),
        bad("CR0.PG, CR4.PAE and EFER.LMA", "maps", "--image", I, "--cr3", "0", "--cr4", "0"),
        bad("CR0.PG, CR4.PAE and EFER.LMA", "maps", "--image", I, "--cr3", "0", "--efer", "0"),
        bad("at most 32 bits", "maps", "--image", I, "--registers", R, "--pkru", "0x100000000"),
        bad("expected 36 to 52", "maps", "--image", I, "--registers", R, "--maxphyaddr", "35"),
        bad("expected sdm, intel, amd", "maps", "--image", I, "--registers", R, "--model", "via"),
        bad(
            "expected read, write or fetch",
            "walk",
            "--image",
            I,
            "--registers",
            R,
            "--access",
            "execute",
            "0x0"));
  }

  static Stream<Arguments> combinations() {
    return Stream.of(
        bad(
            "with --user, --supervisor or --ac",
            "walk",
            "--image",
            I,
            "--registers",
            R,
            "--user",
            "0x0"),
        bad(
            "mutually exclusive",
            "walk",
            "--image",
            I,
            "--registers",
            R,
            "--access",
            "read",
            "--user",
            "--supervisor",
            "0x0"),
        bad("unknown option '--frob'", "walk", "--image", I, "--registers", R, "--frob", "0x0"),
        bad("unexpected argument 'extra'", "maps", "--image", I, "--registers", R, "extra"),
        bad("--base: expected", "maps", "--image", I, "--registers", R, "--base", "-4"),
        bad(
            "expected memory within 2^52",
            "maps",
            "--image",
            I,
            "--cr3",
            "0",
            "--base",
            "0xfffffffffffff0"),
        bad("no such file or directory", "verify", "none"),
        bad("--engine: expected spec, mmu, both, not 'tlb'", "verify", "--engine", "tlb"),
        bad("--engine: expected spec, mmu, both, not ''", "verify", "--engine", ""),
        bad("--engine: given more than once", "verify", "--engine", "mmu", "--engine", "spec"),
        bad("--cpu: expected classroom, ", "verify", "--cpu", "i486"),
        bad("or a file, not 'i486'", "verify", "--cpu", "classroom,i486"),
        bad("--cpu: expected classroom, ", "verify", "--cpu", ""),
        bad("found 'skylake' twice", "verify", "--cpu", "skylake,classroom,skylake"),
        bad(
            "verify: expected --engine mmu or both with --cpu",
            "verify",
            "--engine",
            "spec",
            "--cpu",
            "skylake"),
        bad("pom.xml: line 1", "verify", "--cpu", "pom.xml"),
        bad("--failures: expected", "verify", "--failures", "many"),
        bad("expected sdm, intel, amd", "verify", "--model", ""),
        bad("expected JSON", "verify", "pom.xml"),
        bad("unknown command 'wlak'", "wlak"));
  }

  @ParameterizedTest
  @MethodSource({"missing", "values", "combinations"})
  void aWrongArgumentIsToldInOneLine(String message, List<String> args) {
    CommandRun.of(args.toArray(String[]::new)).assertRefused(message);
  }

  static Stream<Arguments> registerFiles() {
    return Stream.of(
        Arguments.of("", "line 1: expected a JSON object"),
        Arguments.of("[]", "line 1: expected a JSON object"),
        Arguments.of("{", "expected JSON"),
        Arguments.of("{}", "expected the register CR0"),
        Arguments.of("{\"a\": " + "1".repeat(2000) + "}", "expected JSON"),
        Arguments.of("[".repeat(3000), "expected a JSON object"),
        Arguments.of("{\"a\": " + "[".repeat(3000), "expected JSON"),
        Arguments.of("{\"pkru\": \"0x1ffffffff\"}", "pkru: expected 32 bits"),
        Arguments.of("{\"pkru\": \"0x+1\"}", "pkru: expected a string of 0x"),
        Arguments.of("{\"pkru\": \"0x1\", \"pkru\": \"0x1\"}", "expected JSON: Duplicate"),
        Arguments.of("{\"cpu_flags\": {\"nx\": 1}}", "cpu_flags: expected a string"),
        Arguments.of("{\"address_sizes\": \"wide\"}", "expected \"36 to 52 bits physical\""),
        Arguments.of("{\n\"registers\": 7}", "line 2: registers: expected an object"),
        Arguments.of("{\"registers\": {\"CR0\": 7}}", "registers.CR0: expected a string of 0x"),
        Arguments.of("{\"registers\": {\"CR0\": \"80\"}}", "registers.CR0: expected a string"),
        Arguments.of("{\"registers\": {\"CR0\": \"0x\"}}", "registers.CR0: expected a string"),
        Arguments.of("{\"pkru\": \"0xg\"}", "pkru: expected a string of 0x"),
        Arguments.of(
            "{\"address_sizes\": [\"99 bits physical\"]}", "expected \"36 to 52 bits physical\""));
  }

  @ParameterizedTest
  @MethodSource("registerFiles")
  void aBrokenRegistersFileIsToldInOneLine(String text, String message) throws Exception {
    Path file = Files.writeString(folder.resolve("registers.json"), text);
    CommandRun.of("maps", "--image", I, "--registers", file.toString()).assertRefused(message);
  }

  @Test
  void aBrokenLineOfAddressesIsToldBeforeAnyAnswer() throws Exception {
    Path file = Files.writeString(folder.resolve("va.txt"), "0x1000\n# fine\n\n0x20zz\n");
    CommandRun.onImage("walk", "--addresses", file.toString())
        .assertRefused(file + ": line 4: expected 0x and hex digits");
  }

  @Test
  void aFolderInPlaceOfAddressesIsToldInOneLine() {
    CommandRun.onImage("walk", "--addresses", folder.toString()).assertRefused(folder + ": ");
  }

  @Test
  void anEndlessLineOfAddressesIsToldInOneLine() throws Exception {
    Path file = Files.write(folder.resolve("long.txt"), new byte[10_000]);
    CommandRun.onImage("walk", "--addresses", file.toString())
        .assertRefused(file + ": line 1: expected a line of at most 4096 bytes");
  }

  @Test
  void aFileThatIsNoImageIsToldInOneLine() throws Exception {
    Path file = Files.writeString(folder.resolve("x.elf"), "\u007fELF but not quite");
    CommandRun.of("maps", "--image", file.toString(), "--cr3", "0x1000")
        .assertRefused(file + ": offset ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KDUMP   ", "makedumpfile", "PAGEDU64", "{ \"json\": 1 }"})
  void aFileOfAnotherKindIsNotTakenForRawMemory(String start) throws Exception {
    Path file = Files.writeString(folder.resolve("x.img"), start);
    CommandRun.of("maps", "--image", file.toString(), "--cr3", "0")
        .assertRefused("expected an ELF64 core, a LiME capture, or raw pages of 4096 bytes");
  }

  @Test
  void aFolderInPlaceOfAnImageIsToldInOneLine() {
    CommandRun.of("maps", "--image", folder.toString(), "--cr3", "0").assertRefused("directory");
  }

  private static Arguments bad(String message, String... args) {
    return Arguments.of(message, List.of(args));
  }
}
