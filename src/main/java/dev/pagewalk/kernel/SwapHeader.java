package dev.pagewalk.kernel;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * The first page of a swap file: Linux's {@code union swap_header}, version 1, in little-endian.
 *
 * @param lastPage the number of the last slot, 1 to 2^31 - 2
 * @param badPages slots that must not be used
 */
record SwapHeader(int lastPage, List<Integer> badPages) {
  private static final byte[] SIGNATURE = "SWAPSPACE2".getBytes(StandardCharsets.US_ASCII);
  private static final int SIGNATURE_AT = SwapArea.SLOT_BYTES - SIGNATURE.length;
  private static final int VERSION_AT = 1024;
  private static final int LAST_PAGE_AT = 1028;
  private static final int BAD_COUNT_AT = 1032;
  private static final int BAD_AT = 1536;
  private static final int MOST_BAD = (SIGNATURE_AT - BAD_AT) / Integer.BYTES;
  private static final int VERSION = 1;

  /** The header of an area of {@code bytes} bytes, all of whose whole slots are good. */
  static SwapHeader ofSize(long bytes) {
    long last = bytes / SwapArea.SLOT_BYTES - 1;
    if (last < 1 || last >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a swap area has 2 to 2^31 - 1 slots: 0x%x bytes".formatted(bytes));
    }
    return new SwapHeader((int) last, List.of());
  }

  /**
   * Reads the header of a swap file and holds it against the file's size.
   *
   * @throws InputException if it is none
   */
  static SwapHeader read(Path file, FileChannel channel) throws IOException {
    byte[] bytes = new byte[SwapArea.SLOT_BYTES];
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (!readFully(channel, page, 0)
        || !Arrays.equals(bytes, SIGNATURE_AT, bytes.length, SIGNATURE, 0, SIGNATURE.length)) {
      throw bad(file, SIGNATURE_AT, "SWAPSPACE2 expected, the mark of a swap file");
    }
    int version = page.getInt(VERSION_AT);
    if (version != VERSION) {
      throw bad(file, VERSION_AT, "version 1 expected, found " + Integer.toUnsignedString(version));
    }
    long slots = channel.size() / SwapArea.SLOT_BYTES;
    int last = page.getInt(LAST_PAGE_AT);
    if (last < 1 || last >= slots) {
      throw bad(
          file,
          LAST_PAGE_AT,
          "a last page within the file's %d pages expected, found %s"
              .formatted(slots, Integer.toUnsignedString(last)));
    }
    return new SwapHeader(last, badPages(file, page, last));
  }

  private static List<Integer> badPages(Path file, ByteBuffer page, int last)
      throws InputException {
    int count = page.getInt(BAD_COUNT_AT);
    if (count < 0 || count > MOST_BAD) {
      throw bad(
          file,
          BAD_COUNT_AT,
          "at most %d bad pages expected, found %s"
              .formatted(MOST_BAD, Integer.toUnsignedString(count)));
    }
    Integer[] bad = new Integer[count];
    for (int i = 0; i < count; i++) {
      int at = BAD_AT + i * Integer.BYTES;
      bad[i] = page.getInt(at);
      if (bad[i] < 1 || bad[i] > last) {
        throw bad(
            file,
            at,
            "a bad page from 1 to %d expected, found %s"
                .formatted(last, Integer.toUnsignedString(bad[i])));
      }
    }
    return List.of(bad);
  }

  private static InputException bad(Path file, int offset, String expected) {
    return new InputException(file.toString(), "offset 0x%x".formatted(offset), expected);
  }

  /** Makes the file, {@code bytes} bytes long, with this header and zeroes behind it. */
  void write(Path file, long bytes) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(SwapArea.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page.putInt(VERSION_AT, VERSION);
    page.putInt(LAST_PAGE_AT, lastPage);
    page.putInt(BAD_COUNT_AT, badPages.size());
    for (int i = 0; i < badPages.size(); i++) {
      page.putInt(BAD_AT + i * Integer.BYTES, badPages.get(i));
    }
    page.put(SIGNATURE_AT, SIGNATURE);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (page.hasRemaining()) {
        channel.write(page, page.position());
      }
      channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
    }
  }

  /** Fills the rest of {@code buffer} from {@code offset} on; false if the file is too short. */
  static boolean readFully(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        return false;
      }
    }
    return true;
  }
}
