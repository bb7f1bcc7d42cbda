package dev.pagewalk.kvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guest's code is what its source says, and stands where we look for it. */
class GuestCodeTest {
  private static final int HLT = 0xf4;

  @TempDir private Path folder;

  private static byte[] code() throws IOException {
    try (InputStream in = GuestSpace.class.getResourceAsStream("guest.bin")) {
      return in.readAllBytes();
    }
  }

  @Test
  void eachOperationEndsWithHlt() throws IOException {
    byte[] code = code();
    assertTrue(code.length <= 4096, "one page");
    for (int vector = 0; vector < 32; vector++) {
      assertEquals(HLT, code[vector] & 0xff, "handler " + vector);
    }
    for (GuestOperation operation : GuestOperation.values()) {
      if (operation != GuestOperation.JUMP) {
        assertEquals(HLT, code[operation.end()] & 0xff, operation.name());
      }
    }
  }

  @Test
  void theBytesAreThoseOfTheSource() throws Exception {
    assumeTrue(hasAssembler(), "skipped: no GNU assembler (as, objcopy) on the PATH");
    Path source = folder.resolve("guest.s");
    try (InputStream in = GuestSpace.class.getResourceAsStream("guest.s")) {
      Files.copy(in, source);
    }
    run("as", "--64", "guest.s", "-o", "guest.o");
    run("objcopy", "-O", "binary", "-j", ".text", "guest.o", "guest.bin");
    assertArrayEquals(Files.readAllBytes(folder.resolve("guest.bin")), code());
  }

  private boolean hasAssembler() throws InterruptedException {
    try {
      run("as", "--version");
      run("objcopy", "--version");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }
}
