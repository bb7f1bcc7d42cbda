package dev.pagewalk.machine;

import dev.pagewalk.kernel.policy.FutureUses;
import java.nio.file.Path;

/** A machine's file with some of its lines changed, as options of the command line do. */
public final class MachineBuilder {
  private final MachineFile file;
  private final Path folder;
  private String cpu;
  private Long frames;
  private String policy;
  private MachineFile.Scope scope;
  private Integer cores;
  private Long quantum;
  private String costs;

  private boolean parallel;
  private FutureUses future;
  private EvictionListener evictions;

  /**
   * Starts from a file.
   *
   * @param folder that the names of files in it start from
   */
  public MachineBuilder(MachineFile file, Path folder) {
    this.file = file;
    this.folder = folder;
    this.cpu = file.cpu();
    this.frames = file.frames();
    this.policy = file.policy();
    this.scope = file.scope();
    this.quantum = file.quantum();
    this.costs = file.costs();
  }

  /** Another model of processor: a name or a file. */
  public MachineBuilder cpu(String nameOrFile) {
    cpu = nameOrFile;
    return this;
  }

  /** Another limit of resident pages; null for none. */
  public MachineBuilder frames(Long pages) {
    frames = pages;
    return this;
  }

  /** Another policy; null for the kernel's own. */
  public MachineBuilder policy(String spec) {
    policy = spec;
    return this;
  }

  /** Another scope. */
  public MachineBuilder scope(MachineFile.Scope newScope) {
    scope = newScope;
    return this;
  }

  /** So many cores, over all nodes in turn. */
  public MachineBuilder cores(int count) {
    cores = count;
    return this;
  }

  /** Another time slice, in accesses; 0 for the trace's own order. */
  public MachineBuilder quantum(long accesses) {
    quantum = accesses;
    return this;
  }

  /** Another cost model: a name or a file. */
  public MachineBuilder costs(String nameOrFile) {
    costs = nameOrFile;
    return this;
  }

  /** A machine whose cores run in threads of their own. */
  public MachineBuilder parallel(boolean inThreads) {
    parallel = inThreads;
    return this;
  }

  /** What a policy that needs it knows of the trace. */
  public MachineBuilder future(FutureUses uses) {
    future = uses;
    return this;
  }

  /** Tells {@code listener} of pages that policies give up. */
  public MachineBuilder evictions(EvictionListener listener) {
    evictions = listener;
    return this;
  }

  /** Who is told of pages that go; null if nobody. */
  EvictionListener evictions() {
    return evictions;
  }

  /** What {@link #future(FutureUses)} was given; null if nothing. */
  FutureUses future() {
    return future;
  }

  /** Whether its cores run in threads of their own. */
  boolean isParallel() {
    return parallel;
  }

  /** The folder that names of files start from. */
  Path folder() {
    return folder;
  }

  /**
   * The file as changed.
   *
   * @throws IllegalArgumentException which says what is wrong with a change
   */
  public MachineFile changed() {
    return new MachineFile(
        file.name(),
        file.description(),
        null,
        null,
        cores == null ? file.nodes() : MachineFileRules.spread(file.nodes(), cores),
        file.distances(),
        file.placement(),
        cpu,
        file.virtualPages(),
        frames,
        policy,
        scope,
        file.swap(),
        file.prefetch(),
        file.watermarks(),
        file.swappiness(),
        quantum,
        costs,
        file.kernel());
  }
}
