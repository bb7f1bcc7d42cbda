package dev.pagewalk.physmem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * Accesses of many bytes to one memory: piece by piece, a piece being what is together in native
 * memory. What is not there, a hole or a frame that is partly one, goes byte by byte.
 */
final class Bulk {
  private static final int STRIDE = 8 * Long.BYTES;

  private final PhysicalMemory memory;

  Bulk(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** Sets the {@code bytes} bytes from {@code pa}; a frame that is zero anyway is not touched. */
  void fill(long pa, long bytes, byte value) {
    try {
      long piece;
      for (long done = 0; done < bytes; done += piece) {
        piece = memory.pieceAt(pa + done, bytes - done);
        if (value != 0 || !memory.isUntouched(pa + done)) {
          fillPiece(pa + done, piece, value);
        }
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  private void fillPiece(long pa, long piece, byte value) {
    long address = memory.addressToWrite(pa);
    Lines lines = memory.lines();
    if (address != 0 && lines != null && value == 0) {
      lines.zero(pa, piece);
    } else if (address != 0) {
      NativeMemory.ALL.asSlice(address, piece).fill(value);
      written(pa, piece);
    } else {
      for (long i = 0; i < piece; i++) {
        memory.write8(pa + i, value);
      }
    }
  }

  /** Tells the memory of a piece that was written at its native address. */
  private void written(long pa, long piece) {
    Lines lines = memory.lines();
    if (lines != null) {
      lines.mark(pa, piece);
    }
  }

  /** Whether the {@code bytes} bytes from {@code pa} are all zero. */
  boolean isZero(long pa, long bytes) {
    try {
      long piece;
      for (long done = 0; done < bytes; done += piece) {
        piece = memory.pieceAt(pa + done, bytes - done);
        if (!memory.isUntouched(pa + done) && !isZeroPiece(pa + done, piece)) {
          return false;
        }
      }
      return true;
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  private boolean isZeroPiece(long pa, long piece) {
    long address = memory.addressToRead(pa);
    long done = 0;
    if (address != 0) {
      for (; done + STRIDE <= piece; done += STRIDE) {
        if (stride(address + done) != 0) {
          return false;
        }
      }
    }
    for (; done < piece; done++) {
      if (memory.read8(pa + done) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Eight words ORed. */
  private static long stride(long address) {
    long low = word(address) | word(address + 8) | word(address + 16) | word(address + 24);
    long high = word(address + 32) | word(address + 40) | word(address + 48) | word(address + 56);
    return low | high;
  }

  private static long word(long address) {
    return NativeMemory.ALL.get(NativeMemory.LONG, address);
  }

  /** Reads {@code bytes} bytes from {@code pa} into {@code to}, from its element {@code at} on. */
  void read(long pa, byte[] to, int at, int bytes) {
    try {
      int piece;
      for (int done = 0; done < bytes; done += piece) {
        piece = (int) memory.pieceAt(pa + done, bytes - done);
        long address = memory.addressToRead(pa + done);
        if (address != 0) {
          MemorySegment.copy(
              NativeMemory.ALL, ValueLayout.JAVA_BYTE, address, to, at + done, piece);
        } else if (memory.isUntouched(pa + done)) {
          Arrays.fill(to, at + done, at + done + piece, (byte) 0);
        } else {
          for (int i = done; i < done + piece; i++) {
            to[at + i] = (byte) memory.read8(pa + i);
          }
        }
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** Writes {@code bytes} bytes of {@code from}, from its element {@code at} on, to {@code pa}. */
  void write(long pa, byte[] from, int at, int bytes) {
    try {
      int piece;
      for (int done = 0; done < bytes; done += piece) {
        piece = (int) memory.pieceAt(pa + done, bytes - done);
        long address = memory.addressToWrite(pa + done);
        if (address != 0) {
          MemorySegment.copy(
              from, at + done, NativeMemory.ALL, ValueLayout.JAVA_BYTE, address, piece);
          written(pa + done, piece);
        } else {
          for (int i = done; i < done + piece; i++) {
            memory.write8(pa + i, from[at + i]);
          }
        }
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** Reads {@code count} words from {@code pa}, which is aligned, to the start of {@code to}. */
  void readWords(long pa, long[] to, int count) {
    try {
      int piece;
      for (int done = 0; done < count; done += piece) {
        long at = pa + (long) done * Long.BYTES;
        piece = words(at, count - done);
        long address = memory.addressToRead(at);
        if (address != 0) {
          MemorySegment.copy(NativeMemory.ALL, NativeMemory.LONG, address, to, done, piece);
        } else {
          for (int i = 0; i < piece; i++) {
            to[done + i] = memory.read64(at + (long) i * Long.BYTES);
          }
        }
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** Writes {@code count} words from the start of {@code from} to {@code pa}, which is aligned. */
  void writeWords(long pa, long[] from, int count) {
    try {
      int piece;
      for (int done = 0; done < count; done += piece) {
        long at = pa + (long) done * Long.BYTES;
        piece = words(at, count - done);
        long address = memory.addressToWrite(at);
        if (address != 0) {
          MemorySegment.copy(from, done, NativeMemory.ALL, NativeMemory.LONG, address, piece);
          written(at, (long) piece * Long.BYTES);
        } else {
          for (int i = 0; i < piece; i++) {
            memory.write64(at + (long) i * Long.BYTES, from[done + i]);
          }
        }
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** How many of {@code count} words from {@code pa} lie in one piece; a word of its own is one. */
  private int words(long pa, int count) {
    return (int) Math.max(1, memory.pieceAt(pa, (long) count * Long.BYTES) / Long.BYTES);
  }

  /** Writes the {@code bytes} bytes of {@code source} from {@code from} to {@code pa}. */
  void copyFrom(PhysicalMemory source, long from, long pa, long bytes) {
    try {
      long piece;
      for (long done = 0; done < bytes; done += piece) {
        piece = memory.pieceAt(pa + done, source.pieceAt(from + done, bytes - done));
        if (source.isUntouched(from + done)) {
          fill(pa + done, piece, (byte) 0);
        } else {
          copyPiece(source, from + done, pa + done, piece);
        }
      }
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(memory);
    }
  }

  private void copyPiece(PhysicalMemory source, long from, long pa, long piece) {
    long in = source.addressToRead(from);
    long out = memory.addressToWrite(pa);
    Lines known = source.lines();
    Lines lines = memory.lines();
    if (in == 0 || out == 0) {
      copyBytes(source, from, pa, piece);
    } else if (known != null && lines != null && Lines.canCopy(from, pa, piece)) {
      lines.copyFrom(known, from, pa, piece);
    } else {
      MemorySegment.copy(NativeMemory.ALL, in, NativeMemory.ALL, out, piece);
      written(pa, piece);
    }
  }

  private void copyBytes(PhysicalMemory source, long from, long pa, long piece) {
    for (long i = 0; i < piece; i++) {
      memory.write8(pa + i, source.read8(from + i));
    }
  }
}
