package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.MemoryTyping;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import dev.pagewalk.physmem.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What all parts of one MMU share: registers, what follows from them, structures and counts. */
final class MmuState {
  final CpuModel model;
  final PhysicalMemory memory;
  final StateLayout layout;
  private final long[] words;
  private final int at;
  final RightsTable rights = new RightsTable();

  /** By the kind of an access (its code's two lowest bits): read, write, fetch. */
  final PortView[] views = new PortView[3];

  /** Bytes of memory that the short walk reads tables in, a power of two; 0 if there are none. */
  final long flatBytes;

  /** Global entries are noted by the 4 TiB that they lie in. */
  static final int REGION_SHIFT = 42;

  Cpu cpu;
  Registers registers;
  MemoryTyping typing;
  ReservedBits reserved;

  /** The largest piece that TLBs hold. */
  PageSize largestPiece;

  /** Whether a piece smaller than its page was filled since everything was dropped. */
  boolean brokenPages;

  /** Of {@link Scalars#IRREGULAR}, what has to do with large pages. */
  private long largePages;

  /** Where global entries have been filled since everything was dropped. */
  private long globalRegions;

  /** CR4.PCIDE. */
  private boolean pcidsDiffer;

  /** The ports' ticks when the counters were last reset. */
  final long[] ticksAtReset = new long[Scalars.PORTS];

  long cr2;
  long walks;
  long wordsRead;
  long accessedSet;
  long dirtySet;
  long restarts;
  long otherFaults;
  final long[] pageFaults = new long[AccessCode.COUNT];

  MmuState(CpuModel model, PhysicalMemory memory) {
    this.model = model;
    this.memory = memory;
    this.layout = new StateLayout(model);
    this.words = layout.words;
    this.at = layout.scalars;
    long bytes = memory.flat().map(MemorySegment::byteSize).orElse(0L);
    this.flatBytes = bytes < PhysicalMemory.FRAME_BYTES ? 0 : Long.highestOneBit(bytes);
    views[0] = new PortView(layout, Port.LOAD);
    views[AccessCode.WRITE] = new PortView(layout, Port.STORE);
    views[AccessCode.FETCH] = new PortView(layout, Port.FETCH);
  }

  /** Page walks begun, those of the short paths included. */
  long allWalks() {
    int first = at + Scalars.SHORT_WALKS;
    return walks + words[first] + words[first + 1] + words[first + 2] + words[first + 3];
  }

  /** Words of tables read, by the walks of the short paths too. */
  long allWordsRead() {
    return wordsRead + 4 * (allWalks() - walks) - words[at + Scalars.WORDS_SAVED];
  }

  /** Starts anew as another processor, with nothing cached and nothing counted. */
  void reset(Cpu newCpu, Registers newRegisters) {
    if (!newRegisters.usesIa32ePaging()) {
      throw new IllegalArgumentException("CR0.PG, CR4.PAE and EFER.LMA are not all 1");
    }
    if (!newCpu.equals(cpu)) {
      cpu = newCpu;
      reserved = null;
    }
    typing = MemoryTyping.DEFAULT;
    noteShortPaths();
    for (Structure structure : layout.all) {
      structure.empty();
    }
    for (int port = 0; port < Scalars.PORTS; port++) {
      set(Scalars.TICKS + port, StateLayout.TICK);
    }
    forgetSpecialCases();
    cr2 = 0;
    resetCounters();
    LargePages choice = cpu.choices().largePages();
    largestPiece =
        pieces(choice).compareTo(pieces(model.largePages())) < 0
            ? pieces(choice)
            : pieces(model.largePages());
    load(newRegisters);
  }

  /** Takes over registers, whatever of them has changed. */
  void load(Registers after) {
    if (reserved == null || registers.nxe() != after.nxe()) {
      reserved = new ReservedBits(cpu, after);
    }
    registers = after;
    rights.update(cpu, after, words, at);
    set(Scalars.LEAF_UNUSUAL, reserved.mask(EntryKind.PTE) | (keepsGlobal() ? Cached.G : 0));
    loadRoot(after);
  }

  /** Takes over registers of which CR3 alone has changed. */
  void loadCr3(Registers after) {
    if (((registers.cr3() ^ after.cr3()) & (Cr3.LAM_U48 | Cr3.LAM_U57)) != 0) {
      load(after);
    } else {
      loadRoot(after);
    }
  }

  private void loadRoot(Registers after) {
    registers = after;
    set(Scalars.ROOT, after.root());
    if (pcidsDiffer != after.pcide()) {
      pcidsDiffer = after.pcide();
      noteSpecialCases();
    }
    set(Scalars.PCID, after.pcide() ? after.cr3() & Cr3.PCID : 0);
    long beyond = Entry.ADDRESS & -flatBytes;
    boolean never = after.la57() || flatBytes == 0 || (after.root() & beyond) != 0;
    long unusual =
        beyond
            | Entry.PS
            | reserved.mask(EntryKind.PML4E)
            | reserved.mask(EntryKind.PDPTE_TABLE)
            | reserved.mask(EntryKind.PDE_TABLE);
    set(Scalars.TABLE_UNUSUAL, never ? -1 : unusual);
  }

  void resetCounters() {
    noteShortPaths();
    for (Structure structure : layout.all) {
      structure.resetCounters();
    }
    for (PortView view : views) {
      view.resetCounters();
    }
    for (int port = 0; port < Scalars.PORTS; port++) {
      ticksAtReset[port] = get(Scalars.TICKS + port);
    }
    for (int port = 0; port < Scalars.PORTS; port++) {
      set(Scalars.SHORT_HITS + port, 0);
      set(Scalars.SHORT_WALKS + port, 0);
      set(Scalars.LARGE_HITS + port, 0);
      set(Scalars.LARGE_HITS + Scalars.PORTS + port, 0);
    }
    set(Scalars.WORDS_SAVED, 0);
    walks = 0;
    wordsRead = 0;
    accessedSet = 0;
    dirtySet = 0;
    restarts = 0;
    otherFaults = 0;
    Arrays.fill(pageFaults, 0);
  }

  /** The short paths fill TLBs for 4 KiB pages and caches, which do not see it. */
  private void noteShortPaths() {
    for (PortView view : views) {
      if ((get(Scalars.SHORT_HITS + view.number) | get(Scalars.SHORT_WALKS + view.number)) != 0) {
        view.mainFirst.isUsed = true;
        if (view.mainSecond != null) {
          view.mainSecond.isUsed = true;
        }
        layout.pagingStructureCaches.values().forEach(cache -> cache.isUsed = true);
      }
    }
  }

  /** Everything is empty: no large piece, no global entry, no broken page. */
  void forgetSpecialCases() {
    if ((largePages & Scalars.LARGE) != 0) {
      layout.hints.forgetLargePieces();
    }
    largePages = 0;
    globalRegions = 0;
    brokenPages = false;
    noteSpecialCases();
  }

  /** A TLB is filled with a piece of {@code size} around the address. */
  void noteFill(long linearAddress, PageSize size, long word) {
    boolean broken = size != Cached.pageSize(word);
    brokenPages |= broken;
    if (size != PageSize.SIZE_4K) {
      largePages |= Scalars.LARGE;
      layout.hints.noteLargePiece(linearAddress, size);
    } else {
      largePages |= broken ? Scalars.BROKEN : 0;
      layout.hints.noteSecondLevel(linearAddress);
    }
    if ((word & Cached.G) != 0) {
      globalRegions |= 1L << (linearAddress >>> REGION_SHIFT);
    }
    noteSpecialCases();
  }

  private void noteSpecialCases() {
    // Where all TLBs hold 4 KiB pieces, none is in the way of another.
    long large = (largePages & Scalars.LARGE) != 0 ? largePages : 0;
    // With one PCID, no entry is another's.
    long global = globalRegions != 0 && pcidsDiffer ? Scalars.GLOBAL : 0;
    set(Scalars.IRREGULAR, large | global);
    set(Scalars.GLOBAL_REGIONS, global == 0 ? 0 : globalRegions);
  }

  boolean keepsGlobal() {
    return (registers.cr4() & Cr4.PGE) != 0;
  }

  long pcid() {
    return get(Scalars.PCID);
  }

  long get(int scalar) {
    return words[at + scalar];
  }

  void set(int scalar, long value) {
    words[at + scalar] = value;
  }

  private static PageSize pieces(LargePages largePages) {
    return switch (largePages) {
      case WHOLE -> PageSize.SIZE_1G;
      case SMASHED_1G -> PageSize.SIZE_2M;
      case FRACTURED -> PageSize.SIZE_4K;
    };
  }
}
