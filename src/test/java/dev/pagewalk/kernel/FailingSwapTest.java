package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A swap device that fails does not make up contents. */
class FailingSwapTest {
  private static final long BASE = 0x1000_0000_0000L;

  @TempDir private Path directory;

  @Test
  void aPageThatCannotBeReadIsSigbusAndKeepsItsSlot() throws IOException {
    Path file = directory.resolve("swap");
    SwapArea.makeFile(file, 64 * 4096);
    try (SwapArea area = SwapArea.open(file);
        Rig rig = new Rig(KernelOptions.DEFAULT)) {
      rig.kernel.swapOn(area);
      rig.map(rig.mm, BASE, 4096, MapFlag.PRIVATE);
      rig.store(rig.mm, BASE, 7);
      int pageOut = Advice.PAGEOUT.code();
      rig.call(() -> rig.mm.calls().madvise(BASE, 4096, pageOut));
      assertEquals(PageView.Kind.SWAP, rig.mm.page(BASE).kind());
      long size;
      byte[] slot = new byte[4096];
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
        size = channel.size();
        channel.read(ByteBuffer.wrap(slot), 4096);
        channel.truncate(4096);
      }
      assertEquals(64 * 4096, size);
      assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE));
      assertFalse(rig.mm.peek(BASE, new byte[4096]));
      assertEquals(1, area.used());
      KernelCheck.whole(rig.kernel);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(slot), 4096);
      }
      assertEquals(7, rig.load(rig.mm, BASE));
      rig.exit(rig.mm);
      assertEquals(0, area.used());
    }
  }

  @Test
  void aPageThatCannotBeWrittenStaysAndIsWrittenTheNextTime() throws IOException {
    Path file = directory.resolve("swap");
    SwapArea.makeFile(file, 64 * 4096);
    FaultyChannel channel = new FaultyChannel(file);
    SwapHeader header = SwapHeader.ofSize(64 * 4096);
    try (SwapArea area = new SwapArea(new SwapStore.InFile(channel), header, false);
        Rig rig = new Rig(KernelOptions.DEFAULT)) {
      rig.kernel.swapOn(area);
      rig.map(rig.mm, BASE, 2 * 4096, MapFlag.PRIVATE);
      rig.store(rig.mm, BASE, 7);
      rig.store(rig.mm, BASE + 4096, 8);
      long free = rig.freeFrames();
      channel.writeError = "Input/output error";
      putOut(rig);
      assertEquals(free, rig.freeFrames(), "the pages still have their frames");
      assertEquals(0, channel.written);
      KernelCheck.whole(rig.kernel);
      assertEquals(7, rig.load(rig.mm, BASE));
      assertEquals(0, rig.mm.majorFaults(), "it was in the swap cache");
      putOut(rig);
      rig.store(rig.mm, BASE, 9);
      KernelCheck.whole(rig.kernel);
      channel.writeError = null;
      rig.load(rig.mm, BASE + 4096);
      putOut(rig);
      assertEquals(free + 2, rig.freeFrames());
      assertEquals(2 * 4096, channel.written);
      assertEquals(9, rig.load(rig.mm, BASE));
      assertEquals(8, rig.load(rig.mm, BASE + 4096));
      assertEquals(2, rig.mm.majorFaults());
      KernelCheck.whole(rig.kernel);
      rig.exit(rig.mm);
      assertEquals(0, area.used());
    }
  }

  @Test
  void sharedMemoryThatCannotBeWrittenStays() throws IOException {
    Path file = directory.resolve("swap");
    SwapArea.makeFile(file, 64 * 4096);
    FaultyChannel channel = new FaultyChannel(file);
    SwapHeader header = SwapHeader.ofSize(64 * 4096);
    try (SwapArea area = new SwapArea(new SwapStore.InFile(channel), header, false);
        Rig rig = new Rig(KernelOptions.DEFAULT)) {
      rig.kernel.swapOn(area);
      rig.map(rig.mm, BASE, 2 * 4096, MapFlag.SHARED);
      rig.store(rig.mm, BASE, 7);
      channel.writeError = "No space left on device";
      putOut(rig);
      assertEquals(0, area.used());
      assertEquals(7, rig.load(rig.mm, BASE));
      channel.writeError = null;
      putOut(rig);
      assertEquals(1, area.used());
      channel.readError = "Input/output error";
      assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE));
      channel.readError = null;
      assertEquals(7, rig.load(rig.mm, BASE));
      KernelCheck.whole(rig.kernel);
    }
  }

  private static void putOut(Rig rig) {
    rig.call(() -> rig.mm.calls().madvise(BASE, 2 * 4096, Advice.PAGEOUT.code()));
  }
}
