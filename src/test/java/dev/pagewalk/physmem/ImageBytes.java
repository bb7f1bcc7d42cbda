package dev.pagewalk.physmem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Writes image files, byte by byte as the formats say, to be opened or to be broken first. */
final class ImageBytes {
  static final int PT_LOAD = 1;
  static final int PT_NOTE = 4;

  private ImageBytes() {}

  /** An ELF segment; its contents go behind all program headers, in the order of the segments. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Segment(int type, long paddr, long memoryBytes, byte[] contents) {}

  /** A LiME range. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Range(long start, byte[] contents) {}

  static Segment load(long paddr, byte[] contents) {
    return new Segment(PT_LOAD, paddr, contents.length, contents);
  }

  static Segment load(long paddr, long memoryBytes, byte[] contents) {
    return new Segment(PT_LOAD, paddr, memoryBytes, contents);
  }

  /** An ELF64 core file: header, program headers from 0x40 on, then the contents. */
  static byte[] elf(Segment... segments) {
    int at = 64 + 56 * segments.length;
    byte[] file = new byte[at + Arrays.stream(segments).mapToInt(s -> s.contents.length).sum()];
    ByteBuffer out = little(file);
    out.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
    out.putShort((short) 4).putShort((short) 62).putInt(1);
    out.putLong(32, 64).putShort(52, (short) 64).putShort(54, (short) 56);
    out.putShort(56, (short) segments.length).position(64);
    for (Segment segment : segments) {
      out.putInt(segment.type).putInt(6).putLong(at).putLong(0).putLong(segment.paddr);
      out.putLong(segment.contents.length).putLong(segment.memoryBytes).putLong(0x1000);
      at += segment.contents.length;
    }
    for (Segment segment : segments) {
      out.put(segment.contents);
    }
    return file;
  }

  /** As {@link #elf}, with the count of program headers in section 0 at the file's end. */
  static byte[] elfCountedBySection(Segment... segments) {
    byte[] plain = elf(segments);
    byte[] file = Arrays.copyOf(plain, plain.length + 64);
    ByteBuffer out = little(file);
    out.putShort(56, (short) 0xffff).putLong(40, plain.length).putShort(58, (short) 64);
    out.putShort(60, (short) 1).putInt(plain.length + 44, segments.length);
    return file;
  }

  static byte[] lime(Range... ranges) {
    byte[] file =
        new byte[Arrays.stream(ranges).mapToInt(range -> 32 + range.contents.length).sum()];
    ByteBuffer out = little(file);
    for (Range range : ranges) {
      out.putInt(0x4c694d45).putInt(1).putLong(range.start);
      out.putLong(range.start + range.contents.length - 1).putLong(0).put(range.contents);
    }
    return file;
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** Bytes that count up from {@code first}. */
  static byte[] counting(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  /**
   * A copy of {@code bytes} with the low {@code width} bytes of {@code value} at {@code offset}.
   */
  static byte[] patch(byte[] bytes, int offset, int width, long value) {
    byte[] copy = bytes.clone();
    for (int i = 0; i < width; i++) {
      copy[offset + i] = (byte) (value >>> (8 * i));
    }
    return copy;
  }

  /** The first {@code length} bytes; a negative {@code length} counts from the end. */
  static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length);
  }

  static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
