package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.MIB2;
import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever the operation, and whichever of its allocations fails, it says so, the kernel stays
 * consistent, nobody's memory is changed, and with memory the same operation succeeds.
 */
class NoMemoryTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long FAR = BASE + (1L << 40);
  private static final int ANON = MapFlag.PRIVATE;
  private static final int HUGETLB = MapFlag.PRIVATE | MapFlag.HUGETLB;

  /** More frames than any of the operations takes. */
  private static final int MOST_FRAMES = 12;

  /** Does something; negative if there is no memory for it. */
  private interface Attempt {
    long on(State state);
  }

  /** A machine that is set up for an operation. */
  private static final class State {
    final Rig rig = new Rig(16L << 20, KernelOptions.DEFAULT.withHugetlb(2, 0));
    final AddressSpace mm = rig.mm;
    private final List<Long> hoard = new ArrayList<>();
    private List<Long> blocksKept = List.of();
    FileObject disk;
    FileObject tmpfs;

    FileObject file(FileSystem fileSystem) {
      FileObject file = rig.kernel.createFile(fileSystem.name(), fileSystem);
      byte[] bytes = new byte[5 * 4096 + 100];
      Arrays.fill(bytes, (byte) 7);
      rig.call(() -> rig.kernel.fileCalls().write(file, 0, bytes));
      rig.call(() -> rig.kernel.fileCalls().fsync(file));
      return file;
    }

    long mapFile(FileObject file, int flags) {
      var request = new MmapRequest(FAR, 6 * 4096, RW, flags, Optional.of(file), 0);
      return rig.call(() -> mm.calls().mmap(request));
    }

    long store(long address) {
      return -rig.storeSignal(mm, address, 1);
    }

    long load(long address) {
      return -rig.loadSignal(mm, address);
    }

    long advise(long address, long length, Advice advice) {
      return rig.call(() -> mm.calls().madvise(address, length, advice.code()));
    }

    /** Maps 4 MiB, of which the upper 2 MiB are a huge page, and touches small ones below. */
    void mixed() {
      rig.map(mm, BASE, 2 * MIB2, ANON);
      for (int i = 0; i < 4; i++) {
        rig.store(mm, BASE + i * 8192L, i + 1);
      }
      advise(BASE, 2 * MIB2, Advice.HUGEPAGE);
      rig.store(mm, BASE + MIB2 + 5, 5);
    }

    void swapped() {
      rig.kernel.swapOn(SwapArea.inMemory(4L << 20, true));
      rig.map(mm, BASE, 8 * 4096, ANON);
      for (int i = 0; i < 8; i++) {
        rig.store(mm, BASE + i * 4096L, i + 1);
      }
      advise(BASE, 8 * 4096, Advice.PAGEOUT);
    }

    void tmpfsInSwap() {
      rig.kernel.swapOn(SwapArea.inMemory(4L << 20, true));
      tmpfs = file(FileSystem.TMPFS);
      mapFile(tmpfs, MapFlag.SHARED);
      rig.load(mm, FAR);
      advise(FAR, 6 * 4096, Advice.PAGEOUT);
    }

    void hugetlb() {
      rig.map(mm, BASE, 2 * MIB2, HUGETLB);
      rig.store(mm, BASE, 3);
      rig.store(mm, BASE + MIB2, 4);
    }

    long remap(long from, long length, long to, int flags) {
      int all = flags | MremapFlag.MAYMOVE | MremapFlag.FIXED;
      var request = new MremapRequest(from, length, length, all, to);
      return rig.call(() -> mm.calls().mremap(request));
    }

    /** Takes all memory but {@code frames} frames and {@code blocks} huge pages. */
    void takeAllBut(int blocks, int frames) {
      take(PageTables.HUGE_ORDER, blocks);
      take(0, frames);
    }

    private void take(int order, int left) {
      List<Long> taken = new ArrayList<>();
      FrameTable frames = rig.kernel.folios().frames();
      // What is to be left is taken first, so that it is in one piece.
      List<Long> kept = new ArrayList<>();
      for (int i = 0; i < left; i++) {
        kept.add(rig.kernel.folios().allocate(order));
      }
      for (long pfn; (pfn = rig.kernel.folios().allocate(order)) != Folios.NONE; ) {
        frames.set(pfn, FrameTable.RESERVED);
        taken.add(pfn);
      }
      hoard.addAll(taken);
      if (order > 0) {
        blocksKept = kept;
      } else {
        kept.forEach(rig.kernel.folios()::put);
        blocksKept.forEach(rig.kernel.folios()::put);
      }
    }

    void giveBack() {
      for (long pfn : hoard) {
        rig.kernel.folios().frames().clear(pfn, FrameTable.RESERVED);
        rig.kernel.folios().put(pfn);
      }
      hoard.clear();
    }

    /** All pages that can be looked at, by process and address. */
    Map<String, byte[]> contents() {
      Map<String, byte[]> contents = new LinkedHashMap<>();
      for (AddressSpace space : rig.kernel.addressSpaces()) {
        for (VmaView vma : space.view()) {
          for (long address = vma.start(); address < vma.end(); address += 4096) {
            byte[] page = new byte[4096];
            if (space.peek(address, page)) {
              contents.put(space.id() + " " + Long.toHexString(address), page);
            }
          }
        }
      }
      return contents;
    }
  }

  /** Operations that allocate. */
  enum Operation {
    NEW_PROCESS(s -> {}, s -> s.rig.kernel.newAddressSpace().isPresent() ? 0 : -12),
    FORK(State::mixed, s -> s.rig.tryFork(s.mm).isPresent() ? 0 : -12),
    FORK_WITH_SWAP(State::swapped, s -> s.rig.tryFork(s.mm).isPresent() ? 0 : -12),
    FORK_WITH_HUGETLB(State::hugetlb, s -> s.rig.tryFork(s.mm).isPresent() ? 0 : -12),
    STORE_ANONYMOUS(s -> s.rig.map(s.mm, FAR, 4096, ANON), s -> s.store(FAR)),
    LOAD_ANONYMOUS(s -> s.rig.map(s.mm, FAR, 4096, ANON), s -> s.load(FAR)),
    STORE_HUGE(
        s -> {
          s.rig.map(s.mm, FAR, MIB2, ANON);
          s.advise(FAR, MIB2, Advice.HUGEPAGE);
        },
        s -> s.store(FAR)),
    LOAD_HUGE(
        s -> {
          s.rig.map(s.mm, FAR, MIB2, ANON);
          s.advise(FAR, MIB2, Advice.HUGEPAGE);
        },
        s -> s.load(FAR)),
    STORE_TO_HUGE_ZEROES(
        s -> {
          s.rig.map(s.mm, FAR, MIB2, ANON);
          s.advise(FAR, MIB2, Advice.HUGEPAGE);
          s.load(FAR);
        },
        s -> s.store(FAR)),
    STORE_TO_SHARED_HUGE(
        s -> {
          s.mixed();
          s.rig.fork(s.mm);
        },
        s -> s.store(BASE + MIB2 + 5)),
    COPY_ON_WRITE(
        s -> {
          s.mixed();
          s.rig.fork(s.mm);
        },
        s -> s.store(BASE)),
    STORE_TO_ZERO_PAGE(
        s -> {
          s.rig.map(s.mm, FAR, 4096, ANON);
          s.load(FAR);
        },
        s -> s.store(FAR)),
    SWAP_IN(State::swapped, s -> s.load(BASE)),
    SWAP_IN_SHARED(
        s -> {
          s.swapped();
          s.rig.fork(s.mm);
        },
        s -> s.store(BASE)),
    LOAD_FILE(
        s -> {
          s.disk = s.file(FileSystem.EXT4);
          s.rig.kernel.fileCalls().dropCache(s.disk);
          s.rig.machine.spend();
          s.mapFile(s.disk, MapFlag.PRIVATE);
        },
        s -> s.load(FAR)),
    STORE_FILE_PRIVATE(s -> s.mapFile(s.file(FileSystem.EXT4), MapFlag.PRIVATE), s -> s.store(FAR)),
    STORE_FILE_SHARED(s -> s.mapFile(s.file(FileSystem.EXT4), MapFlag.SHARED), s -> s.store(FAR)),
    STORE_SHARED_ANONYMOUS(s -> s.rig.map(s.mm, FAR, 4096, MapFlag.SHARED), s -> s.store(FAR)),
    LOAD_TMPFS_IN_SWAP(State::tmpfsInSwap, s -> s.load(FAR)),
    STORE_BELOW_STACK(
        s -> {
          s.rig.map(s.mm, FAR, 4096, ANON | MapFlag.GROWSDOWN);
          s.store(FAR);
        },
        s -> s.store(FAR - 4096)),
    STORE_HUGETLB(s -> s.rig.map(s.mm, FAR, MIB2, HUGETLB), s -> s.store(FAR)),
    MLOCK(
        s -> s.rig.map(s.mm, FAR, 3 * 4096, ANON),
        s -> s.rig.call(() -> s.mm.calls().mlock(FAR, 3 * 4096))),
    POPULATE(
        s -> s.rig.map(s.mm, FAR, 3 * 4096, ANON),
        s -> s.advise(FAR, 3 * 4096, Advice.POPULATE_WRITE)),
    GUARD_INSTALL(
        s -> s.rig.map(s.mm, FAR, 3 * 4096, ANON),
        s -> s.advise(FAR, 3 * 4096, Advice.GUARD_INSTALL)),
    COLLAPSE(
        s -> {
          s.rig.map(s.mm, FAR, MIB2, ANON);
          s.store(FAR + 8192);
        },
        s -> s.advise(FAR, MIB2, Advice.COLLAPSE)),
    FREE_PART_OF_HUGE(State::mixed, s -> s.advise(BASE + MIB2 + 4096, 8192, Advice.FREE)),
    MPROTECT_PART_OF_HUGE(
        State::mixed,
        s -> s.rig.call(() -> s.mm.calls().mprotect(BASE + MIB2 + 4096, 8192, Prot.READ))),
    MREMAP(State::mixed, s -> s.remap(BASE, 2 * MIB2, FAR, 0)),
    MREMAP_UNALIGNED(State::mixed, s -> s.remap(BASE, 2 * MIB2, FAR + 4096, 0)),
    MREMAP_DONTUNMAP(State::mixed, s -> s.remap(BASE, 2 * MIB2, FAR, MremapFlag.DONTUNMAP)),
    MREMAP_SWAPPED(State::swapped, s -> s.remap(BASE, 8 * 4096, FAR, 0)),
    MREMAP_HUGETLB(State::hugetlb, s -> s.remap(BASE, 2 * MIB2, FAR, 0)),
    MREMAP_HUGETLB_PART(State::hugetlb, s -> s.remap(BASE + MIB2, MIB2, FAR, 0)),
    FILE_READ(
        s -> {
          s.disk = s.file(FileSystem.EXT4);
          s.rig.kernel.fileCalls().dropCache(s.disk);
          s.rig.machine.spend();
        },
        s -> s.rig.call(() -> s.rig.kernel.fileCalls().read(s.disk, 0, new byte[1]))),
    FILE_WRITE(
        s -> s.tmpfs = s.file(FileSystem.TMPFS),
        s -> s.rig.call(() -> s.rig.kernel.fileCalls().write(s.tmpfs, 8 * 4096, new byte[1]))),
    TRUNCATE_COLD(
        s -> {
          s.disk = s.file(FileSystem.EXT4);
          s.rig.kernel.fileCalls().dropCache(s.disk);
          s.rig.machine.spend();
        },
        s -> s.rig.call(() -> s.rig.kernel.fileCalls().ftruncate(s.disk, 4096 + 10))),
    TRUNCATE_IN_SWAP(
        State::tmpfsInSwap,
        s -> s.rig.call(() -> s.rig.kernel.fileCalls().ftruncate(s.tmpfs, 4096 + 10))),
    PUNCH_IN_SWAP(
        State::tmpfsInSwap,
        s -> s.rig.call(() -> s.rig.kernel.fileCalls().punchHole(s.tmpfs, 10, 20)));

    private final Consumer<State> setup;
    private final Attempt attempt;

    Operation(Consumer<State> setup, Attempt attempt) {
      this.setup = setup;
      this.attempt = attempt;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAllocationThatFailsIsHandled(Operation operation) {
    for (int blocks = 0; blocks < 2; blocks++) {
      boolean succeeded = false;
      for (int frames = 0; !succeeded && frames < MOST_FRAMES; frames++) {
        succeeded = attempt(operation, blocks, frames);
      }
      assertTrue(succeeded || blocks == 0, "it fails with a huge page and " + MOST_FRAMES);
    }
  }

  /** Whether it succeeds with so much memory; checks all else. */
  private static boolean attempt(Operation operation, int blocks, int frames) {
    State state = new State();
    Kernel kernel = state.rig.kernel;
    try {
      operation.setup.accept(state);
      KernelCheck.whole(kernel);
      Map<String, byte[]> before = state.contents();
      state.takeAllBut(blocks, frames);
      long result = operation.attempt.on(state);
      KernelCheck.whole(kernel);
      if (result < 0) {
        assertUnchanged(before, state.contents());
      }
      state.giveBack();
      if (result < 0) {
        assertTrue(operation.attempt.on(state) >= 0, "it still fails");
      }
      KernelCheck.whole(kernel);
      for (AddressSpace space : kernel.addressSpaces()) {
        state.rig.exit(space);
      }
      KernelCheck.empty(kernel);
      return result >= 0;
    } finally {
      state.rig.close();
    }
  }

  private static void assertUnchanged(Map<String, byte[]> before, Map<String, byte[]> after) {
    assertTrue(after.keySet().containsAll(before.keySet()), "something is unmapped");
    before.forEach((page, bytes) -> assertArrayEquals(bytes, after.get(page), page));
  }

  @Test
  void aTailThatIsCutOffIsZeroOnTheDeviceEvenWithoutMemory() {
    State state = new State();
    FileObject file = state.file(FileSystem.EXT4);
    FileCalls calls = state.rig.kernel.fileCalls();
    calls.dropCache(file);
    state.rig.machine.spend();
    state.takeAllBut(0, 0);
    state.rig.call(() -> calls.ftruncate(file, 10));
    state.giveBack();
    state.rig.call(() -> calls.ftruncate(file, 20));
    byte[] bytes = new byte[20];
    state.rig.call(() -> calls.read(file, 0, bytes));
    byte[] expected = new byte[20];
    Arrays.fill(expected, 0, 10, (byte) 7);
    assertArrayEquals(expected, bytes);
    state.rig.close();
  }
}
