package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.kvm.Kvm;
import dev.pagewalk.kvm.KvmException;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The machine underneath, through Linux's KVM, as a subject: see {@code docs/kvm.md}. */
final class KvmSubject implements InProcess.Answerer {
  private static final long UPPER_HALF = -1L << 47;
  private static final long HYPERVISORS_BYTES = 2 << 20;

  private final String version;
  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final SpecEngine reference = new SpecEngine(memory);
  private final Kvm kvm;

  /** Instructions that KVM's software turned out not to know. */
  private final Set<Class<?>> unknown = new HashSet<>();

  /**
   * Opens KVM.
   *
   * @throws InputException if there is none, or not for us
   */
  KvmSubject(String version) throws InputException {
    this.version = version;
    kvm = Kvm.open();
  }

  @Override
  public SubjectHello hello() {
    Set<Feature> always = EnumSet.noneOf(Feature.class);
    if (kvm.backend().silicon()) {
      // The processor walks what it can walk, whatever CPUID says.
      always.addAll(EnumSet.of(Feature.PAGE1GB, Feature.CET_SS, Feature.LA57));
      always.retainAll(kvm.features());
    }
    return new SubjectHello(
        "kvm: " + kvm.backend().title(),
        version,
        kvm.features(),
        always,
        Cpu.MIN_MAXPHYADDR,
        Cpu.MAX_MAXPHYADDR,
        true,
        Set.of());
  }

  @Override
  public void restart() {
    kvm.restart();
  }

  @Override
  public SubjectAnswer answer(long number, WalkVector vector) throws Dialogue.Trouble {
    KvmPlan plan = KvmPlan.of(vector, reference);
    Optional<String> whyNot = whyNot(vector, plan);
    if (whyNot.isPresent()) {
      return new SubjectAnswer(number, whyNot, List.of());
    }
    Cpu cpu = new Cpu(vector.cpu().maxPhyAddr(), features(vector), vector.cpu().choices());
    KvmRun run = null;
    try {
      run = new KvmRun(kvm.machine(cpu), kvm.memory(), vector, plan);
      return new SubjectAnswer(number, Optional.empty(), run.perform());
    } catch (KvmException e) {
      kvm.restart();
      if (e.isOfEmulation() && run != null && run.last() instanceof Action.Instruction last) {
        unknown.add(last.getClass());
        return new SubjectAnswer(number, whyNot(last), List.of());
      }
      throw new Dialogue.Trouble(e.getMessage());
    }
  }

  private Set<Feature> features(WalkVector vector) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(kvm.features());
    features.retainAll(vector.cpu().features());
    return features;
  }

  /** Why the vector cannot be expressed; nothing if it can. */
  private Optional<String> whyNot(WalkVector vector, KvmPlan plan) {
    long most = kvm.memoryBytes();
    for (long frame : plan.frames()) {
      if (Long.compareUnsigned(frame, most) >= 0) {
        return Optional.of("physical memory above " + Hex.of(most));
      }
    }
    if (plan.freeIndex().isEmpty()) {
      return Optional.of("it leaves no entry of its root table for the guest's own");
    }
    if (kvm.backend().silicon() && dependsOnMaxPhyAddr(vector)) {
      return Optional.of("MAXPHYADDR is the processor's own, " + kvm.maxPhyAddr());
    }
    for (Step step : vector.steps()) {
      String whyNot =
          switch (step.action()) {
            case Action.Instruction instruction when unknown.contains(instruction.getClass()) ->
                whyNot(instruction).orElse(null);
            case Action.Touch touch when isHypervisors(touch) ->
                "kvm_pvm has pages of its own there, whose contents differ from run to run";
            case Action.Touch touch -> plan.whyNot(touch);
            case Action.MovCr4(long value) when isUnknownToGuest(value) ->
                "CR4 with a bit of a feature that guests do not have here";
            default -> null;
          };
      if (whyNot != null) {
        return Optional.of(whyNot);
      }
    }
    return isUnknownToGuest(vector.state().cr4())
        ? Optional.of("CR4 with a bit of a feature that guests do not have here")
        : Optional.empty();
  }

  /** Whether an access at CPL 3 goes where kvm_pvm has mapped something of its own. */
  private boolean isHypervisors(Action.Touch touch) {
    long offset = touch.access().linearAddress() - UPPER_HALF;
    return touch.access().mode().isUser()
        && kvm.backend().module().equals("kvm_pvm")
        && Long.compareUnsigned(offset, HYPERVISORS_BYTES) < 0;
  }

  private static Optional<String> whyNot(Action.Instruction instruction) {
    String name = instruction.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    return Optional.of("KVM's software does not know the instruction " + name);
  }

  private boolean isUnknownToGuest(long cr4) {
    return (cr4 & Cr4.INDIFFERENT & ~kvm.indifferentCr4()) != 0;
  }

  /** Whether the vector names an address bit that one of the two widths has and the other not. */
  private boolean dependsOnMaxPhyAddr(WalkVector vector) {
    int one = vector.cpu().maxPhyAddr();
    int other = kvm.maxPhyAddr();
    long between = ((1L << Math.max(one, other)) - 1) & -(1L << Math.min(one, other));
    long named = vector.state().cr3();
    Words words = vector.memory();
    for (int i = 0; i < words.size(); i++) {
      named |= words.value(i);
    }
    for (Step step : vector.steps()) {
      named |=
          switch (step.action()) {
            case Action.Store(long _, long value) -> value;
            case Action.MovCr3(long value) -> value;
            default -> 0;
          };
    }
    return (named & between) != 0;
  }

  @Override
  public void close() {
    kvm.close();
    memory.close();
  }
}
