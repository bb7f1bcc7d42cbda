package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mapped file of the host gets what was stored into it, where it was stored, and nothing else.
 */
class HostFileTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long OTHER = 0x2000_0000_0000L;
  private static final int PAGE = 4096;

  @TempDir private Path directory;
  private Path path;
  private byte[] contents;
  private Rig rig;
  private HostFileStore store;
  private FileObject file;

  @BeforeEach
  void aFileOfThreePagesAndABit() throws IOException {
    path = directory.resolve("file");
    contents = new byte[3 * PAGE + 1000];
    new Random(4).nextBytes(contents);
    Files.write(path, contents);
    rig = new Rig(KernelOptions.DEFAULT);
    open(true);
  }

  @AfterEach
  void close() {
    KernelCheck.whole(rig.kernel);
    rig.close();
    store.close();
  }

  private void open(boolean writable) throws IOException {
    store = HostFileStore.open(path, writable);
    file = rig.kernel.openFile("file", store);
  }

  private long map(long address, int prot, int flags) {
    var request = new MmapRequest(address, 16 * PAGE, prot, flags, Optional.of(file), 0);
    return rig.call(() -> rig.mm.calls().mmap(request));
  }

  private long msync() {
    return rig.call(() -> rig.mm.calls().msync(BASE, 16 * PAGE, MsyncFlag.SYNC));
  }

  private void assertOnDisk(byte[] expected) throws IOException {
    assertArrayEquals(expected, Files.readAllBytes(path));
  }

  @Test
  void sharedStoresAreOnDiskAfterMsyncAndNotBefore() throws IOException {
    map(BASE, RW, MapFlag.SHARED);
    rig.store(rig.mm, BASE + 5000, 0x77);
    assertOnDisk(contents);
    assertEquals(0, msync());
    contents[5000] = 0x77;
    assertOnDisk(contents);
    rig.store(rig.mm, BASE + 5001, 0x78);
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    contents[5001] = 0x78;
    assertOnDisk(contents);
  }

  @Test
  void privateStoresNeverAre() throws IOException {
    map(BASE, RW, MapFlag.PRIVATE);
    for (int i = 0; i < contents.length; i += 100) {
      rig.store(rig.mm, BASE + i, 1);
    }
    assertEquals(0, msync());
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    assertOnDisk(contents);
  }

  @Test
  void loadsReadTheFileAndZeroesBehindItsEnd() {
    map(BASE, Prot.READ, MapFlag.SHARED);
    for (int i = 0; i < 4 * PAGE; i += 37) {
      long expected = i < contents.length ? contents[i] & 0xff : 0;
      assertEquals(expected, rig.load(rig.mm, BASE + i));
    }
    assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE + 4 * PAGE));
  }

  @Test
  void theFirstTouchIsAMajorFaultAndTheNextOneIsNone() {
    map(BASE, Prot.READ, MapFlag.SHARED);
    rig.load(rig.mm, BASE);
    assertEquals(1, rig.mm.majorFaults());
    rig.load(rig.mm, BASE + 1);
    assertEquals(1, rig.mm.majorFaults());
    assertEquals(0, rig.mm.minorFaults());
  }

  @Test
  void theLastPageStaysAPartOfAPage() throws IOException {
    map(BASE, RW, MapFlag.SHARED);
    rig.store(rig.mm, BASE + contents.length - 1, 9);
    rig.store(rig.mm, BASE + contents.length, 9);
    assertEquals(0, msync());
    contents[contents.length - 1] = 9;
    assertOnDisk(contents);
  }

  @Test
  void twoMappingsAreOneFile() throws IOException {
    map(BASE, RW, MapFlag.SHARED);
    map(OTHER, RW, MapFlag.SHARED);
    rig.store(rig.mm, BASE + 70, 7);
    assertEquals(7, rig.load(rig.mm, OTHER + 70));
    rig.store(rig.mm, OTHER + 71, 8);
    assertEquals(0, msync());
    contents[70] = 7;
    contents[71] = 8;
    assertOnDisk(contents);
  }

  @Test
  void whatIsDroppedFromMemoryIsReadAgain() {
    map(BASE, RW, MapFlag.SHARED);
    rig.store(rig.mm, BASE + 1, 5);
    rig.store(rig.mm, BASE + PAGE, 6);
    msync();
    rig.store(rig.mm, BASE + PAGE, 7);
    rig.unmap(rig.mm, BASE, 16 * PAGE);
    rig.kernel.fileCalls().dropCache(file);
    rig.machine.spend();
    assertEquals(1, file.pages().size(), "the dirty page stays");
    map(BASE, RW, MapFlag.SHARED);
    assertEquals(5, rig.load(rig.mm, BASE + 1));
    assertEquals(7, rig.load(rig.mm, BASE + PAGE));
  }

  @Test
  void truncationAndGrowthAreTheFilesOwn() throws IOException {
    map(BASE, RW, MapFlag.SHARED);
    rig.store(rig.mm, BASE + 2 * PAGE, 5);
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().ftruncate(file, PAGE + 10)));
    assertOnDisk(Arrays.copyOf(contents, PAGE + 10));
    assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE + 2 * PAGE));
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().ftruncate(file, 5 * PAGE + 1)));
    assertOnDisk(Arrays.copyOf(Arrays.copyOf(contents, PAGE + 10), 5 * PAGE + 1));
    assertEquals(0, rig.load(rig.mm, BASE + PAGE + 10));
    assertEquals(0, rig.load(rig.mm, BASE + 4 * PAGE));
    rig.store(rig.mm, BASE + 5 * PAGE, 3);
    assertEquals(0, msync());
    assertEquals(3, Files.readAllBytes(path)[5 * PAGE]);
  }

  @Test
  void aHoleReadsAsZeroesAndTheSizeStays() throws IOException {
    map(BASE, RW, MapFlag.SHARED);
    rig.load(rig.mm, BASE + PAGE);
    long result = rig.call(() -> rig.kernel.fileCalls().punchHole(file, 100, 2 * PAGE));
    assertEquals(0, result);
    assertEquals(0, rig.load(rig.mm, BASE + PAGE));
    assertEquals(contents[99] & 0xff, rig.load(rig.mm, BASE + 99));
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    Arrays.fill(contents, 100, 100 + 2 * PAGE, (byte) 0);
    assertOnDisk(contents);
    rig.call(() -> rig.kernel.fileCalls().punchHole(file, PAGE, 100 * PAGE));
    rig.call(() -> rig.kernel.fileCalls().fsync(file));
    Arrays.fill(contents, PAGE, contents.length, (byte) 0);
    assertOnDisk(contents);
  }

  @Test
  void writeGrowsTheFile() throws IOException {
    byte[] more = {1, 2, 3};
    assertEquals(3, rig.call(() -> rig.kernel.fileCalls().write(file, 6 * PAGE - 1, more)));
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    byte[] expected = Arrays.copyOf(contents, 6 * PAGE + 2);
    System.arraycopy(more, 0, expected, 6 * PAGE - 1, 3);
    assertOnDisk(expected);
  }

  @Test
  void aFileOpenedForReadingIsNeverWritten() throws IOException {
    store.close();
    open(false);
    assertEquals(Errno.EACCES.result(), map(BASE, RW, MapFlag.SHARED));
    assertEquals(BASE, map(BASE, Prot.READ, MapFlag.SHARED));
    assertEquals("r--s", rig.mm.view().getFirst().perms());
    long raised = rig.call(() -> rig.mm.calls().mprotect(BASE, PAGE, RW));
    assertEquals(Errno.EACCES.result(), raised);
    assertEquals(contents[3] & 0xff, rig.load(rig.mm, BASE + 3));
    assertEquals(FaultResult.SIGSEGV, rig.storeSignal(rig.mm, BASE, 1));
    map(OTHER, RW, MapFlag.PRIVATE);
    rig.store(rig.mm, OTHER, 1);
    FileCalls calls = rig.kernel.fileCalls();
    assertEquals(Errno.EBADF.result(), rig.call(() -> calls.write(file, 0, new byte[1])));
    assertEquals(Errno.EBADF.result(), rig.call(() -> calls.punchHole(file, 0, PAGE)));
    assertEquals(Errno.EINVAL.result(), rig.call(() -> calls.ftruncate(file, 0)));
    assertEquals(0, rig.call(() -> calls.fsync(file)));
    assertOnDisk(contents);
  }

  @Test
  void whatCannotBeOpenedIsSaid() {
    Path missing = directory.resolve("missing");
    assertThrows(InputException.class, () -> HostFileStore.open(missing, false));
    assertThrows(InputException.class, () -> HostFileStore.open(directory, false));
  }

  @Test
  void anyOperationsLeaveWhatAPlainArrayWouldHold() throws IOException {
    Random random = new Random(77);
    map(BASE, RW, MapFlag.SHARED);
    byte[] model = contents;
    for (int step = 0; step < 3000; step++) {
      int at = random.nextInt(16 * PAGE);
      switch (random.nextInt(12)) {
        case 0 -> {
          int size = at;
          assertEquals(0, rig.call(() -> rig.kernel.fileCalls().ftruncate(file, size)));
          model = Arrays.copyOf(model, size);
        }
        case 1 -> {
          int length = 1 + random.nextInt(3 * PAGE);
          rig.call(() -> rig.kernel.fileCalls().punchHole(file, at, length));
          int end = Math.min(at + length, model.length);
          Arrays.fill(model, Math.min(at, end), end, (byte) 0);
        }
        case 2 -> {
          byte[] bytes = new byte[1 + random.nextInt(5000)];
          random.nextBytes(bytes);
          rig.call(() -> rig.kernel.fileCalls().write(file, at, bytes));
          model = Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
          System.arraycopy(bytes, 0, model, at, bytes.length);
        }
        case 3 -> assertEquals(0, msync());
        case 4 -> {
          rig.kernel.fileCalls().dropCache(file);
          rig.machine.spend();
        }
        default -> {
          if (at < model.length) {
            rig.store(rig.mm, BASE + at, step);
            model[at] = (byte) step;
          } else if (at >= (model.length + PAGE - 1) / PAGE * PAGE) {
            assertEquals(FaultResult.SIGBUS, rig.loadSignal(rig.mm, BASE + at));
          }
        }
      }
    }
    assertEquals(0, rig.call(() -> rig.kernel.fileCalls().fsync(file)));
    assertOnDisk(model);
  }
}
