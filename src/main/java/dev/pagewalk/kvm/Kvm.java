package dev.pagewalk.kvm;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.physmem.PhysicalMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Linux's KVM: the device, what it offers, and machines made with it. Not thread-safe: one thread
 * makes it, uses it and closes it.
 */
public final class Kvm implements AutoCloseable {
  private static final String DEVICE = "/dev/kvm";
  private static final int API_VERSION = 12;
  private static final int FLAT_BITS = 46;
  private static final int LEAST_FLAT_BITS = 36;

  /** Machines that are kept, of different processors. */
  private static final int MOST_MACHINES = 8;

  private final Ioctl ioctl;
  private final int device;
  private final Backend backend = Backend.here();
  private final Arena arena = Arena.ofConfined();
  private final Cpuid cpuid = Cpuid.allocate(arena);
  private final PhysicalMemory memory;
  private final MemorySegment flat;
  private final Set<Long> built = new HashSet<>();
  private final Map<Cpu, KvmMachine> machines = new LinkedHashMap<>(16, 0.75f, true);

  private Kvm(Ioctl ioctl, int device, PhysicalMemory memory) {
    this.ioctl = ioctl;
    this.device = device;
    this.memory = memory;
    this.flat = memory.flat().orElseThrow();
  }

  /** Why there is no KVM here; nothing if there is. */
  public static Optional<String> whyNot() {
    if (!Libc.isHere()) {
      return Optional.of(DEVICE + ": expected Linux on x86-64");
    }
    Libc libc = new Libc();
    int device = libc.open(DEVICE);
    if (device < 0) {
      return Optional.of(DEVICE + ": " + refusal(libc.errno()));
    }
    libc.close(device);
    return Optional.empty();
  }

  private static String refusal(int errno) {
    return switch (errno) {
      case Libc.ENOENT -> "not there: this machine has no KVM";
      case Libc.EACCES -> "permission denied";
      default -> "cannot be opened (errno " + errno + ")";
    };
  }

  /**
   * Opens the device.
   *
   * @throws InputException if there is none, or not for us
   */
  public static Kvm open() throws InputException {
    Optional<String> whyNot = whyNot();
    if (whyNot.isPresent()) {
      String line = whyNot.get().substring(DEVICE.length() + 2);
      throw new InputException(DEVICE, "", line);
    }
    Libc libc = new Libc();
    int device = libc.open(DEVICE);
    Ioctl ioctl = new Ioctl(libc, device);
    PhysicalMemory memory = flatMemory(libc);
    Kvm kvm = new Kvm(ioctl, device, memory);
    try {
      int version = ioctl.call(device, Ioctl.GET_API_VERSION, 0);
      if (version != API_VERSION) {
        throw new KvmException("expected version 12 of its interface, found " + version);
      }
      ioctl.call(device, Ioctl.GET_SUPPORTED_CPUID, kvm.cpuid.address());
    } catch (KvmException e) {
      kvm.close();
      throw new InputException(DEVICE, "", e.getMessage());
    }
    return kvm;
  }

  private static PhysicalMemory flatMemory(Libc libc) throws InputException {
    for (int bits = FLAT_BITS; bits >= LEAST_FLAT_BITS; bits--) {
      PhysicalMemory memory = PhysicalMemory.builder().ram(0, 1L << bits).flat().build();
      if (memory.flat().isPresent()) {
        MemorySegment all = memory.flat().get();
        libc.adviseSmallPages(all.address(), all.byteSize());
        return memory;
      }
      memory.close();
    }
    throw new InputException(DEVICE, "", "no address space for the guest's memory");
  }

  /** Who walks the tables. */
  public Backend backend() {
    return backend;
  }

  /** The features that guests can have. */
  public Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(cpuid.features());
    // Its register is set by no guest that KVM knows of.
    features.remove(Feature.PKS);
    return features;
  }

  /** MAXPHYADDR of the machine itself. */
  public int maxPhyAddr() {
    return cpuid.maxPhyAddr();
  }

  /** The bits of CR4 beside those of paging that guests may set. */
  public long indifferentCr4() {
    return cpuid.indifferentCr4();
  }

  /** The physical memory of all machines, of which one at a time is in use. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** Bytes of physical memory that a machine can have. */
  public long memoryBytes() {
    return flat.byteSize() - 4096;
  }

  /** A machine with the processor {@code cpu}. */
  public KvmMachine machine(Cpu cpu) throws KvmException {
    KvmMachine known = machines.get(cpu);
    if (known != null) {
      return known;
    }
    if (machines.size() >= MOST_MACHINES) {
      Cpu eldest = machines.keySet().iterator().next();
      machines.remove(eldest).close();
    }
    MemorySlots slots = new MemorySlots(ioctl, ioctl.call(device, Ioctl.CREATE_VM, 0), flat);
    Vcpu vcpu = new Vcpu(ioctl, slots.vm(), 0, cpuid.as(cpu, arena));
    KvmMachine machine = new KvmMachine(memory, built, slots, vcpu);
    machines.put(cpu, machine);
    return machine;
  }

  /** Gives up all machines, after something that one of them did not survive. */
  public void restart() {
    machines.values().forEach(KvmMachine::close);
    machines.clear();
    memory.clear();
    built.clear();
  }

  @Override
  public void close() {
    machines.values().forEach(KvmMachine::close);
    machines.clear();
    ioctl.libc().close(device);
    memory.close();
    arena.close();
  }
}
