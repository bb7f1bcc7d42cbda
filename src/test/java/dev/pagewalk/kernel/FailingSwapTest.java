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
}
