package dev.pagewalk.cli;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad arguments of {@code explain}: one line, status 2, nothing on standard output. */
class ExplainBadArgumentTest {
  static Stream<Arguments> arguments() {
    return Stream.of(
        bad("expected a command: entry, error, va, cr3, cr4", "explain"),
        bad("unknown command 'entri'", "explain", "entri", "0"),
        bad("did you mean 'explain'?", "exlpain"),
        bad("unknown option '--frobnicate'", "--frobnicate"),
        bad("unknown command ''", ""),
        bad("missing VALUE: ", "explain", "entry"),
        bad("missing CODE: ", "explain", "error"),
        bad("missing ADDRESS: ", "explain", "va", "--la57"),
        bad("unexpected argument '2'", "explain", "entry", "1", "2"),
        bad("unexpected argument '0x2'", "explain", "cr4", "0x1", "0x2"),
        bad("VALUE: expected 0x and hex digits, or decimal, not 'x'", "explain", "entry", "x"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", "0x"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", ""),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", " 1"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", "1_000"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", "+1"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", "0x-1"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", "1\u0662"),
        bad("VALUE: expected 0x and hex digits", "explain", "entry", "a\nb"),
        bad("is 0x80000000000000f3 meant?", "explain", "entry", "80000000000000f3"),
        bad("is 0xffff800000000000 meant?", "explain", "va", "ffff800000000000"),
        bad("VALUE: expected 0x and hex digits, or decimal, not '-1'", "explain", "entry", "-1"),
        bad("numbers are unsigned", "explain", "entry", "1", "-1"),
        bad(
            "VALUE: expected a number of at most 64 bits",
            "explain",
            "entry",
            "0x10000000000000000"),
        bad(
            "VALUE: expected a number of at most 64 bits",
            "explain",
            "cr3",
            "18446744073709551616"),
        bad("CODE: expected a number of at most 32 bits", "explain", "error", "0x100000000"),
        bad("ADDRESS: expected 0x and hex digits", "explain", "va", "0xffff8000_00000000"),
        bad(
            "--level: expected pml5, pml4, pdpt, pd or pt",
            "explain",
            "entry",
            "1",
            "--level",
            "x"),
        bad("--level: expected pml5, pml4, pdpt, pd or pt", "explain", "entry", "1", "--level", ""),
        bad("--level: expected a value LEVEL", "explain", "entry", "1", "--level"),
        bad("--level: given more than once", "explain", "entry", "1", "--level=pt", "--level=pd"),
        bad("--maxphyaddr: expected 36 to 52", "explain", "entry", "1", "--maxphyaddr", "53"),
        bad("--maxphyaddr: expected 36 to 52", "explain", "cr3", "1", "--maxphyaddr", "35"),
        bad("--maxphyaddr: expected 0x and hex", "explain", "cr3", "1", "--maxphyaddr", "all"),
        bad("unknown option '--levle'", "explain", "entry", "1", "--levle", "pt"),
        bad("unknown option '--pcide'", "explain", "cr4", "1", "--pcide"),
        bad("unknown option '-x'", "explain", "va", "1", "-x"),
        bad("--json", "explain", "va", "1", "--json=yes"),
        bad("not '@/etc/hostname'", "explain", "entry", "@/etc/hostname"),
        bad("...'", "explain", "entry", "z".repeat(100_000)));
  }

  @ParameterizedTest
  @MethodSource("arguments")
  void aWrongArgumentIsToldInOneLine(String message, List<String> args) {
    CommandRun.of(args.toArray(String[]::new)).assertRefused(message);
  }

  private static Arguments bad(String message, String... args) {
    return Arguments.of(message, List.of(args));
  }
}
