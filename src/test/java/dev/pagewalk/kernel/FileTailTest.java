package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a mapping stores behind the end of a file, in its last page, until it is written back. */
class FileTailTest {
  private static final long BASE = 0x1000_0000_0000L;

  private final Rig rig = new Rig(KernelOptions.DEFAULT);
  private final AddressSpace mm = rig.mm;

  @AfterEach
  void close() {
    rig.close();
  }

  private FileObject map(FileSystem fileSystem) {
    FileObject file = rig.kernel.createFile("f", fileSystem);
    rig.call(() -> rig.kernel.fileCalls().write(file, 0, new byte[5]));
    var request = new MmapRequest(BASE, 4096, RW, MapFlag.SHARED, Optional.of(file), 0);
    assertEquals(BASE, rig.call(() -> mm.calls().mmap(request)));
    return file;
  }

  /** As a Linux 6.18 with ext4 did: 42 before, 0 after fsync, 0 after msync. */
  @ParameterizedTest
  @EnumSource
  void itIsZeroesOnceAFileWithADeviceIsWrittenBack(FileSystem fileSystem) {
    FileObject file = map(fileSystem);
    boolean device = fileSystem.hasDevice();
    rig.store(mm, BASE + 4, 41);
    rig.store(mm, BASE + 2000, 42);
    assertEquals(42, rig.load(mm, BASE + 2000));
    rig.call(() -> rig.kernel.fileCalls().fsync(file));
    assertEquals(device ? 0 : 42, rig.load(mm, BASE + 2000));
    rig.store(mm, BASE + 2000, 43);
    rig.call(() -> mm.calls().msync(BASE, 4096, MsyncFlag.SYNC));
    assertEquals(device ? 0 : 43, rig.load(mm, BASE + 2000));
    assertEquals(41, rig.load(mm, BASE + 4));
  }
}
