package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that fails is SIGBUS, EIO or ENOSPC; what was stored is not lost. */
class FailingHostFileTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final int PAGE = 4096;

  @TempDir private Path directory;
  private Path path;
  private FaultyChannel channel;
  private Rig rig;
  private FileObject file;

  @BeforeEach
  void aMappedFileOfEightPages() throws IOException {
    path = directory.resolve("file");
    byte[] contents = new byte[8 * PAGE];
    for (int i = 0; i < contents.length; i++) {
      contents[i] = (byte) (i / PAGE + 1);
    }
    Files.write(path, contents);
    channel = new FaultyChannel(path);
    rig = new Rig(KernelOptions.DEFAULT);
    file = rig.kernel.openFile("file", new HostFileStore(channel, path, true));
    map(MapFlag.SHARED);
  }

  @AfterEach
  void close() throws IOException {
    KernelCheck.whole(rig.kernel);
    rig.close();
    channel.close();
  }

  private void map(int flags) {
    var request = new MmapRequest(BASE, 8 * PAGE, RW, flags | MapFlag.FIXED, Optional.of(file), 0);
    assertEquals(BASE, rig.call(() -> rig.mm.calls().mmap(request)));
    rig.call(() -> rig.mm.calls().madvise(BASE, 8 * PAGE, Advice.RANDOM.code()));
  }

  private long msync() {
    return rig.call(() -> rig.mm.calls().msync(BASE, 8 * PAGE, MsyncFlag.SYNC));
  }

  private byte onDisk(int at) throws IOException {
    return Files.readAllBytes(path)[at];
  }

  @Test
  void onlyDirtyPagesAreWritten() {
    for (long page = 0; page < 8; page++) {
      rig.load(rig.mm, BASE + page * PAGE);
    }
    assertEquals(0, msync());
    assertEquals(0, channel.written);
    rig.store(rig.mm, BASE + 3 * PAGE, 33);
    assertEquals(0, msync());
    assertEquals(PAGE, channel.written);
    assertEquals(0, msync());
    assertEquals(PAGE, channel.written);
  }

  @Test
  void aFullDiskIsEnospcAndTheDataGoesOutWhenThereIsRoom() throws IOException {
    rig.store(rig.mm, BASE + PAGE, 99);
    channel.writeError = "No space left on device";
    assertEquals(Errno.ENOSPC.result(), msync());
    assertEquals(Errno.ENOSPC.result(), msync(), "it is still dirty");
    assertEquals(2, onDisk(PAGE));
    assertEquals(99, rig.load(rig.mm, BASE + PAGE));
    channel.writeError = null;
    assertEquals(0, msync());
    assertEquals(99, onDisk(PAGE));
  }

  @Test
  void aFullDiskRefusesGrowthAndTheSizeStays() {
    channel.writeError = "No space left on device";
    long grown = rig.call(() -> rig.kernel.fileCalls().ftruncate(file, 9 * PAGE));
    assertEquals(Errno.ENOSPC.result(), grown);
    long written = rig.call(() -> rig.kernel.fileCalls().write(file, 8 * PAGE, new byte[10]));
    assertEquals(Errno.ENOSPC.result(), written);
    assertEquals(8 * PAGE, file.size());
  }

  @Test
  void theHostsOwnWordsForAFullDiskAreUnderstood() throws IOException {
    Path full = Path.of("/dev/full");
    if (!Files.exists(full)) {
      return;
    }
    FileChannel device = FileChannel.open(full, StandardOpenOption.WRITE);
    try (HostFileStore store = new HostFileStore(device, path, true)) {
      assertEquals(Errno.ENOSPC.result(), store.resize(10));
      assertEquals(0, store.size());
    }
  }

  @Test
  void aPageThatCannotBeWrittenKeepsTheOthersFromNothing() throws IOException {
    rig.store(rig.mm, BASE + PAGE, 91);
    rig.store(rig.mm, BASE + 5 * PAGE, 95);
    channel.writeError = "Input/output error";
    assertEquals(Errno.EIO.result(), rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    channel.writeError = null;
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    assertEquals(91, onDisk(PAGE));
    assertEquals(95, onDisk(5 * PAGE));
  }

  @Test
  void aPageThatCannotBeReadIsSigbusAndEio() {
    channel.readError = "Input/output error";
    assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE));
    assertEquals(FaultResult.SIGBUS, rig.storeSignal(rig.mm, BASE, 1));
    long read = rig.call(() -> rig.kernel.fileCalls().read(file, 0, new byte[10]));
    assertEquals(Errno.EIO.result(), read);
    long written = rig.call(() -> rig.kernel.fileCalls().write(file, 5, new byte[10]));
    assertEquals(Errno.EIO.result(), written);
    channel.readError = null;
    assertEquals(1, rig.load(rig.mm, BASE));
    map(MapFlag.PRIVATE);
    channel.readError = "Input/output error";
    assertEquals(FaultResult.SIGBUS, rig.storeSignal(rig.mm, BASE + PAGE, 1));
  }

  @Test
  void aFileThatWasShrunkBehindOurBackIsSigbusAndGetsNoHole() throws IOException {
    rig.store(rig.mm, BASE + 7 * PAGE, 70);
    byte[] before = Files.readAllBytes(path);
    try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
      other.truncate(2 * PAGE + 1);
    }
    assertEquals(1, rig.load(rig.mm, BASE));
    assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE + 2 * PAGE));
    assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE + 4 * PAGE));
    assertEquals(70, rig.load(rig.mm, BASE + 7 * PAGE));
    assertEquals(Errno.EIO.result(), msync());
    assertEquals(2 * PAGE + 1, Files.size(path));
    Files.write(path, before);
    assertEquals(0, msync());
    assertEquals(70, onDisk(7 * PAGE));
    assertEquals(5, rig.load(rig.mm, BASE + 4 * PAGE));
  }

  @Test
  void aClosedFileIsEioAndSigbus() throws IOException {
    rig.store(rig.mm, BASE, 50);
    channel.close();
    assertEquals(Errno.EIO.result(), msync());
    assertEquals(50, rig.load(rig.mm, BASE));
    assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE + PAGE));
    assertEquals(Errno.EIO.result(), rig.call(() -> rig.kernel.fileCalls().ftruncate(file, 1)));
    assertEquals(8 * PAGE, file.size());
    assertTrue(file.isCached(0));
  }

  @Test
  void readAheadThatFailsDoesNotHarmThePageThatWasWanted() throws IOException {
    rig.call(() -> rig.mm.calls().madvise(BASE, 8 * PAGE, Advice.NORMAL.code()));
    try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
      other.truncate(3 * PAGE);
    }
    assertEquals(2, rig.load(rig.mm, BASE + PAGE));
    assertArrayEquals(new Object[] {0L, 1L, 2L}, file.pages().keySet().toArray());
  }
}
