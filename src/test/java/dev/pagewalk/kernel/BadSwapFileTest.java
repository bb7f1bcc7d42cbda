package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is no swap file is refused in one line. */
class BadSwapFileTest {
  private static final int SLOT = SwapArea.SLOT_BYTES;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void makeGoodFile() throws IOException {
    file = directory.resolve("swap");
    SwapArea.makeFile(file, 4L * SLOT);
    assertEquals(4L * SLOT, Files.size(file));
    SwapArea.open(file).close();
  }

  @Test
  void aFileThatIsNotThere() throws IOException {
    Files.delete(file);
    assertRefused("no such file");
  }

  @Test
  void aFileWithoutTheMark() throws IOException {
    set(SLOT - 1, '1');
    assertRefused("offset 0xff6: SWAPSPACE2 expected, the mark of a swap file");
  }

  @Test
  void aFileShorterThanItsHeader() throws IOException {
    Files.write(file, new byte[SLOT - 1]);
    assertRefused("offset 0xff6: SWAPSPACE2 expected, the mark of a swap file");
  }

  @Test
  void aFileOfAnotherVersion() throws IOException {
    set(1027, 0xff);
    assertRefused("offset 0x400: version 1 expected, found 4278190081");
  }

  @Test
  void aFileShorterThanItsHeaderSays() throws IOException {
    set(1028, 4);
    assertRefused("offset 0x404: a last page within the file's 4 pages expected, found 4");
  }

  @Test
  void aFileWithoutASlot() throws IOException {
    set(1028, 0);
    assertRefused("offset 0x404: a last page within the file's 4 pages expected, found 0");
  }

  @Test
  void aFileWithMoreBadPagesThanFit() throws IOException {
    setInt(1032, 638);
    assertRefused("offset 0x408: at most 637 bad pages expected, found 638");
  }

  @Test
  void aFileWithABadPageBehindItsEnd() throws IOException {
    set(1032, 2);
    set(1536, 3);
    set(1540, 4);
    assertRefused("offset 0x604: a bad page from 1 to 3 expected, found 4");
  }

  private void set(int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] = (byte) value;
    Files.write(file, bytes);
  }

  private void setInt(int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    Files.write(file, bytes);
  }

  private void assertRefused(String message) {
    InputException e = assertThrows(InputException.class, () -> SwapArea.open(file));
    assertEquals(file + ": " + message, e.getMessage());
  }
}
