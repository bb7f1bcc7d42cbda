package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a swap area keeps its slots' contents; an offset is in bytes, from the header's start. */
sealed interface SwapStore extends AutoCloseable {
  /** Writes the frame from {@code pa}; returns whether that worked. */
  boolean write(long offset, PhysicalMemory memory, long pa);

  /** Reads a slot into the frame from {@code pa}; returns whether that worked. */
  boolean read(long offset, PhysicalMemory memory, long pa);

  @Override
  void close();

  /** Slots in memory. */
  record InMemory(PhysicalMemory slots) implements SwapStore {
    /** Room for {@code bytes} bytes, which takes memory as it is written. */
    InMemory(long bytes) {
      this(PhysicalMemory.builder().ram(0, bytes).tracked().build());
    }

    @Override
    public boolean write(long offset, PhysicalMemory memory, long pa) {
      slots.copyFrom(memory, pa, offset, SwapArea.SLOT_BYTES);
      return true;
    }

    @Override
    public boolean read(long offset, PhysicalMemory memory, long pa) {
      memory.copyFrom(slots, offset, pa, SwapArea.SLOT_BYTES);
      return true;
    }

    @Override
    public void close() {
      slots.close();
    }
  }

  /** Slots in a file. */
  final class InFile implements SwapStore {
    private final FileChannel file;
    private final byte[] bytes = new byte[SwapArea.SLOT_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    InFile(FileChannel file) {
      this.file = file;
    }

    /** Opens a swap file, which exists. */
    static FileChannel open(Path file) throws IOException {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public boolean write(long offset, PhysicalMemory memory, long pa) {
      memory.read(pa, bytes, 0, bytes.length);
      buffer.clear();
      try {
        while (buffer.hasRemaining()) {
          file.write(buffer, offset + buffer.position());
        }
        return true;
      } catch (IOException _) {
        return false;
      }
    }

    @Override
    public boolean read(long offset, PhysicalMemory memory, long pa) {
      buffer.clear();
      try {
        if (!SwapHeader.readFully(file, buffer, offset)) {
          return false;
        }
      } catch (IOException _) {
        return false;
      }
      memory.write(pa, bytes, 0, bytes.length);
      return true;
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
