package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A small Linux: address spaces over one physical memory, and the page-fault handler.
 *
 * <p>It is told of page faults as (linear address, error code), edits 64-bit entries in physical
 * memory, and says which invalidations it owes: {@link #owed} after each operation, which must be
 * {@linkplain FlushToken#spent spent} before the next. It never looks into a TLB.
 *
 * <p>One thread at a time.
 */
public final class Kernel implements AutoCloseable {
  private final KernelOptions options;
  private final Numa numa;
  private final FrameTable frames;
  private final Folios folios;
  private final ReverseMap reverseMap;
  private final SwapSpace swap;
  private final PageCache pageCache;
  private final FlushToken token;
  private final FaultHandler faults;
  private final Prefetch prefetch;
  private final Hugetlb hugetlb;
  private final KernelHalf kernelHalf;
  private final FileTable files = new FileTable(this);
  private final Processes processes = new Processes(this);

  /** Null unless memory is reclaimed. */
  private Pressure pressure;

  /**
   * A kernel that has all of the RAM of {@code memory}.
   *
   * @throws IllegalArgumentException if there is too little for it to start
   */
  public Kernel(PhysicalMemory memory, KernelOptions options) {
    this(memory, options, NumaTopology.single());
  }

  /**
   * A kernel that has all of the RAM of {@code memory}, which lies on several nodes.
   *
   * @throws IllegalArgumentException if there is too little for it to start
   */
  public Kernel(PhysicalMemory memory, KernelOptions options, NumaTopology topology) {
    this.options = options;
    this.frames = new FrameTable(FrameRange.of(memory, topology.firstFrames()));
    var buddy = new BuddyAllocator(frames, frames.ranges(), topology.nodes());
    this.numa = new Numa(topology, buddy);
    this.folios = new Folios(memory, frames, buddy, numa);
    this.reverseMap = new ReverseMap(frames, files.all());
    this.swap = new SwapSpace(folios);
    folios.batches().use(swap);
    this.token = new FlushToken(folios, swap);
    this.prefetch = new Prefetch(this);
    folios.usePrefetch(prefetch);
    this.pageCache = new PageCache(this);
    this.faults = new FaultHandler(this);
    this.kernelHalf = new KernelHalf(folios, options);
    this.hugetlb = new Hugetlb(folios, options.gigabytePages());
    folios.useHugetlb(hugetlb);
    setHugetlbPages(PageTables.HUGE_BYTES, options.hugetlbPages());
    setHugetlbPages(1L << 30, options.hugetlbGigabytePages());
  }

  // --- for machine ---

  /**
   * Resolves a page fault.
   *
   * @param mm of the process that faulted
   * @param address what CR2 holds
   * @param errorCode as the processor pushed it; U/S = 0 for a copy that the kernel makes
   * @return see {@link FaultResult}: resolved, or the signal that the process gets
   */
  public long fault(AddressSpace mm, long address, int errorCode) {
    begin(mm);
    return faults.fault(mm, address, errorCode);
  }

  /**
   * Says on which NUMA node the core is for which the kernel works from now on; 0 at first.
   *
   * @throws IllegalArgumentException if there is no such node
   */
  public void onNode(int node) {
    numa.onNode(node);
  }

  /** The NUMA nodes, and what is counted of them. */
  public Numa numa() {
    return numa;
  }

  /** What is brought in before it is asked for, and what becomes of it. */
  public Prefetch prefetch() {
    return prefetch;
  }

  /** The invalidations that the last operation owes. */
  public FlushToken owed() {
    return token;
  }

  /** The linear address at which the kernel sees physical address 0: its direct map. */
  public long directMap() {
    return kernelHalf.directMap();
  }

  /** Frames that the tables of the kernel half fill. */
  public long kernelTablePages() {
    return kernelHalf.tables();
  }

  /** How it is set up. */
  public KernelOptions options() {
    return options;
  }

  /** The physical memory that it manages. */
  public PhysicalMemory memory() {
    return folios.memory();
  }

  // --- reclaim ---

  /**
   * Has memory reclaimed from now on, as {@code reclaim} says; without, what is not there cannot be
   * had. To be called once, before there are processes and files, and with {@link #onShootdown}.
   */
  public void useReclaim(ReclaimOptions reclaim) {
    begin();
    if (pressure != null || !processes.all().isEmpty() || !files.all().isEmpty()) {
      throw new IllegalStateException(
          "reclaim is set up once, before there is anything to reclaim");
    }
    pressure = new Pressure(this, reclaim);
    folios.usePressure(pressure);
  }

  /**
   * Sets what spends the token in the middle of an operation, as it must be before frames that are
   * reclaimed can be used again.
   */
  public void onShootdown(Runnable spend) {
    token.onSpend(spend);
  }

  /**
   * Sets what ends a process that was chosen because memory is out, by {@link #exit} and spending.
   * A process whose own fault finds no memory is not ended here: the fault is answered by SIGKILL,
   * and whoever runs it ends it at once. Without this, the process that asks is always chosen.
   */
  public void onOomKill(Consumer<AddressSpace> end) {
    processes.onOomKill(end);
  }

  /** Sets the time that policies are told: accesses made by all cores so far. */
  public void setClock(LongSupplier accesses) {
    prefetch.setClock(accesses);
    if (pressure != null) {
      pressure.setClock(accesses);
    }
  }

  /** The timer interrupt: background reclaim, and what the policies do in regular intervals. */
  public void tick() {
    begin();
    if (pressure != null) {
      pressure.tick();
    }
  }

  /** Whether the policy is an oracle, so that {@link #accessed} must be called. */
  public boolean wantsAccesses() {
    return pressure != null && pressure.lists().wantsAccesses(pressure.root());
  }

  /**
   * Tells an oracle that the page in a frame is accessed.
   *
   * @param position of the access in the trace, from 0
   */
  public void accessed(long pfn, long position) {
    reclaim().lists().accessed(pfn, position);
  }

  /** The group of all processes, above all other groups. */
  public MemoryGroup rootGroup() {
    return reclaim().root();
  }

  /** What has been counted. */
  public VmStat stat() {
    return folios.stat();
  }

  /** Memory as a whole. */
  public MemInfo memInfo() {
    return MemInfo.of(this);
  }

  private Pressure reclaim() {
    if (pressure == null) {
      throw new IllegalStateException("this kernel does not reclaim: useReclaim");
    }
    return pressure;
  }

  /** Null unless memory is reclaimed. */
  Pressure pressure() {
    return pressure;
  }

  // --- processes ---

  /** A process with nothing mapped; empty if there is no memory for its tables (ENOMEM). */
  public Optional<AddressSpace> newAddressSpace() {
    begin();
    numa.workFor(null);
    return Optional.ofNullable(processes.create());
  }

  /**
   * A child with a copy of {@code parent}'s memory; empty if there is no memory (ENOMEM), and
   * nothing is left of the child then. Invalidations are owed either way.
   */
  public Optional<AddressSpace> fork(AddressSpace parent) {
    begin(parent);
    return Optional.ofNullable(Fork.fork(parent));
  }

  /** Ends a process: all its memory is given up. */
  public void exit(AddressSpace mm) {
    begin(mm);
    processes.forget(mm);
  }

  /** The processes that are alive. */
  public List<AddressSpace> addressSpaces() {
    return processes.all();
  }

  // --- files and swap ---

  /** A new, empty file. */
  public FileObject createFile(String name, FileSystem fileSystem) {
    return files.register(name, fileSystem, fileSystem.hasDevice() ? new MemoryFileStore() : null);
  }

  /** A file that lies on {@code store}, {@code size} bytes of it. */
  public FileObject openFile(String name, FileStore store, long size) {
    return files.open(name, store, size);
  }

  /**
   * A file of the host. The store stays the caller's to close, after the last use of this kernel;
   * whether it may be written says the store.
   */
  public FileObject openFile(String name, HostFileStore store) {
    return openFile(name, store, store.size());
  }

  /** Adds a swap area. */
  public void swapOn(SwapArea area) {
    swap.add(area);
  }

  /**
   * Grows or shrinks a pool of explicit huge pages as far as memory and use allow, as a write to
   * nr_hugepages does.
   *
   * @param bytes size of a page: 2 MiB, or 1 GiB if the processor has them
   * @param pages how many there shall be
   * @return how many there are then
   */
  public long setHugetlbPages(long bytes, long pages) {
    begin();
    HugetlbPool pool = hugetlb.ofSize(bytes);
    return pool == null ? 0 : pool.resize(pages);
  }

  /**
   * The pool of explicit huge pages of a size.
   *
   * @throws IllegalArgumentException if there are none of that size
   */
  public HugetlbPool hugetlbPool(long bytes) {
    return hugetlb.existing(bytes);
  }

  /** The system calls on files. */
  public FileCalls fileCalls() {
    return new FileCalls(this);
  }

  // --- for the other classes here ---

  /** Before each operation of nobody: nothing may be owed from the one before. */
  void begin() {
    begin(null);
  }

  /** Before each operation, which {@code mm} makes. */
  void begin(AddressSpace mm) {
    if (!token.isEmpty()) {
      throw new IllegalStateException("invalidations are owed: spend the token first");
    }
    if (mm != null) {
      numa.workFor(mm);
    }
    if (pressure != null) {
      pressure.begin(mm);
    }
  }

  FlushToken token() {
    return token;
  }

  Processes processes() {
    return processes;
  }

  KernelHalf kernelHalf() {
    return kernelHalf;
  }

  Folios folios() {
    return folios;
  }

  ReverseMap reverseMap() {
    return reverseMap;
  }

  SwapSpace swap() {
    return swap;
  }

  Hugetlb hugetlb() {
    return hugetlb;
  }

  PageCache pageCache() {
    return pageCache;
  }

  FaultHandler faults() {
    return faults;
  }

  Map<Integer, FileObject> files() {
    return files.all();
  }

  /** The same with what makes and ends them. */
  FileTable fileTable() {
    return files;
  }

  /** Frees the records of frames; the physical memory is the caller's. */
  @Override
  public void close() {
    swap.close();
    if (pressure != null) {
      pressure.close();
    }
    frames.close();
  }
}
