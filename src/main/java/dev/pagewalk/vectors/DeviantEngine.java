package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * An MMU that is wrong on purpose: right but for the {@link Deviation}s that are switched on. What
 * it answers tells how somebody's MMU with that mistake would.
 *
 * <p>It has a TLB only if a switch concerns TLBs; it then keeps everything that it may.
 */
final class DeviantEngine extends PagingEngine {
  private static final int PAGE_SHIFT = 12;
  private static final long BIT_63 = 1L << 63;

  private final Set<Deviation> on;
  private final boolean hasTlb;
  private final DeviantTlb tlb;
  private Cpu cpu;
  private Registers registers;
  private DeviantWalk walk;

  /** Pages that user mode has used, for a switch that has them stay usable. */
  private final Set<Long> usedByUser = new HashSet<>();

  /** Those of them that were dirty then: a write to another one has to walk. */
  private final Set<Long> dirtyByUser = new HashSet<>();

  DeviantEngine(PhysicalMemory memory, Set<Deviation> on) {
    this(memory, on, on.stream().anyMatch(Deviation::isOfTlb));
  }

  /** One with a TLB or without. */
  DeviantEngine(PhysicalMemory memory, Set<Deviation> on, boolean hasTlb) {
    super(memory);
    this.on = on.isEmpty() ? EnumSet.noneOf(Deviation.class) : EnumSet.copyOf(on);
    this.hasTlb = hasTlb;
    this.tlb = new DeviantTlb(this.on);
  }

  @Override
  public String name() {
    return "deviant" + on.stream().map(deviation -> " " + deviation.id()).toList();
  }

  @Override
  public void reset(Cpu newCpu, Registers newRegisters) {
    cpu = newCpu;
    usedByUser.clear();
    dirtyByUser.clear();
    tlb.clear();
    use(newRegisters);
  }

  private void use(Registers now) {
    registers = now;
    walk = new DeviantWalk(memory(), cpu, now, on);
  }

  @Override
  void watch() {}

  @Override
  String explainAccess() {
    return "";
  }

  @Override
  ReferenceWalk referenceWalk() {
    return new ReferenceWalk(memory(), cpu, registers);
  }

  // --- accesses ---

  @Override
  Outcome translate(Access given) {
    Access access = taken(given.at(unmasked(given.kind(), given.linearAddress())));
    long address = access.linearAddress();
    Outcome refused = walk.refuseAddress(address);
    if (refused != null) {
      return refused;
    }
    DeviantWalk.Mapping cached = hasTlb ? tlb.find(registers, address) : null;
    if (cached != null && !mustWalk(access, cached)) {
      return hit(access, cached);
    }
    DeviantWalk.Result result = walkTables(access);
    if (result.outcome() instanceof Outcome.Reached && access.mode().isUser()) {
      usedByUser.add(address >>> PAGE_SHIFT);
      if (result.mapping().dirty()) {
        dirtyByUser.add(address >>> PAGE_SHIFT);
      }
    }
    if (!hasTlb) {
      return result.outcome();
    }
    if (result.outcome() instanceof Outcome.Reached) {
      tlb.fill(registers, address, result.mapping());
    } else if (result.outcome() instanceof Outcome.PageFault fault) {
      refill(access, fault);
    }
    return result.outcome();
  }

  /** An access as it is taken by an MMU that knows no implicit or no shadow-stack accesses. */
  private Access taken(Access access) {
    Mode mode = access.mode();
    if (mode == Mode.IMPLICIT_SUPERVISOR) {
      mode = on.contains(Deviation.IMPLICIT_HONOURS_AC) ? Mode.SUPERVISOR : mode;
      mode = on.contains(Deviation.IMPLICIT_BY_CPL) ? Mode.atCpl(cpl()) : mode;
    }
    AccessKind kind = access.kind();
    if (kind.isShadowStack() && on.contains(Deviation.SHADOW_STACK_AS_ORDINARY)) {
      kind = kind.isWrite() ? AccessKind.WRITE : AccessKind.READ;
    }
    return new Access(access.linearAddress(), kind, mode, access.ac(), access.stack());
  }

  @Override
  boolean checksEachByte() {
    return !on.contains(Deviation.CANONICAL_OF_FIRST_BYTE);
  }

  @Override
  Outcome translateUnchecked(Access access) {
    return walk.walk(access).outcome();
  }

  private DeviantWalk.Result walkTables(Access access) {
    boolean stays =
        on.contains(Deviation.NXE_CLEARED_UNNOTICED)
            && access.kind() != AccessKind.FETCH
            && access.mode().isUser()
            && (access.kind().isWrite() ? dirtyByUser : usedByUser)
                .contains(access.linearAddress() >>> PAGE_SHIFT);
    if (stays) {
      Registers before = registers.withEfer(registers.efer() | Efer.NXE);
      DeviantWalk.Result result = new DeviantWalk(memory(), cpu, before, on).walk(access);
      if (result.outcome() instanceof Outcome.Reached) {
        return result;
      }
    }
    return walk.walk(access);
  }

  /** "... if the cached dirty flag is 0, the processor sets it in memory", by another walk. */
  private boolean mustWalk(Access access, DeviantWalk.Mapping cached) {
    if (cached.equals(ABSENT)) {
      return false;
    }
    boolean fixed = on.contains(Deviation.RIGHTS_FIXED_ON_FILL);
    boolean allowed = fixed || walk.refusal(access, cached) == 0;
    boolean cleans = access.kind().isWrite() && !cached.dirty();
    return allowed && cleans && !on.contains(Deviation.D_IGNORED_ON_HIT);
  }

  /** What stands for a page that is not there, if faults are cached. */
  private static final DeviantWalk.Mapping ABSENT =
      new DeviantWalk.Mapping(-1, 4096, 0, false, false, false, false, false);

  private Outcome hit(Access access, DeviantWalk.Mapping cached) {
    if (cached.equals(ABSENT)) {
      return walk.fault(access, 0, false);
    }
    boolean fetchAllowed =
        on.contains(Deviation.NX_IGNORED_ON_HIT) && access.kind() == AccessKind.FETCH;
    DeviantWalk.Mapping asked = fetchAllowed ? cached.fetchable() : cached;
    int refusal = on.contains(Deviation.RIGHTS_FIXED_ON_FILL) ? 0 : walk.refusal(access, asked);
    if (refusal != 0) {
      // The tables may say more by now: a fault is decided by them.
      tlb.drop(registers, access.linearAddress());
      return translate(access);
    }
    return DeviantWalk.reached(access, cached);
  }

  /** A page fault drops what is cached of its address; one for an absent page may be cached. */
  private void refill(Access access, Outcome.PageFault fault) {
    tlb.drop(registers, access.linearAddress());
    if (on.contains(Deviation.FAULTS_CACHED) && (fault.error() & 1) == 0) {
      tlb.fill(registers, access.linearAddress(), ABSENT);
    }
  }

  /** The address after linear-address masking. */
  private long unmasked(AccessKind kind, long pointer) {
    int width = 64;
    if (kind != AccessKind.FETCH && pointer < 0 && (registers.cr4() & Cr4.LAM_SUP) != 0) {
      width = registers.linearWidth();
    } else if (kind != AccessKind.FETCH && pointer >= 0) {
      boolean u48 = (registers.cr3() & Cr3.LAM_U48) != 0;
      width = (registers.cr3() & Cr3.LAM_U57) != 0 ? 57 : u48 ? 48 : 64;
    }
    return (LinearAddress.signExtend(pointer, width) & ~BIT_63) | (pointer & BIT_63);
  }

  // --- instructions ---

  @Override
  void invlpg(long address) {
    tlb.invlpg(registers, address);
  }

  @Override
  RegisterWrite execute(Action.Instruction instruction) {
    RegisterWrite write =
        switch (instruction) {
          case Action.Invpcid invpcid -> RegisterRules.invpcid(cpu, registers, invpcid.operand());
          case Action.MovCr0 mov -> RegisterRules.movToCr0(cpu, registers, moved(mov.value()));
          case Action.MovCr3 mov -> RegisterRules.movToCr3(cpu, registers, mov.value());
          case Action.MovCr4 mov -> RegisterRules.movToCr4(cr4Cpu(), registers, moved(mov.value()));
          case Action.Wrpkru wrpkru -> RegisterRules.wrpkru(registers, wrpkru.value());
          case Action.Wrmsr wrmsr ->
              RegisterRules.wrmsr(cpu, registers, wrmsr.msr(), wrmsr.value());
        };
    if (write instanceof RegisterWrite.Accepted(Registers after)) {
      Registers before = registers;
      use(after);
      invalidate(instruction, before);
    }
    return write;
  }

  private long moved(long value) {
    return on.contains(Deviation.CR_UPPER_BITS_DROPPED) ? value & 0xffff_ffffL : value;
  }

  /** The processor by which a write of CR4 is checked. */
  private Cpu cr4Cpu() {
    if (!on.contains(Deviation.CR4_FEATURES_UNCHECKED)) {
      return cpu;
    }
    Set<Feature> features = EnumSet.of(Feature.PGE, Feature.SMEP, Feature.SMAP, Feature.PKU);
    features.addAll(cpu.features());
    return new Cpu(cpu.maxPhyAddr(), features, cpu.choices());
  }

  private void invalidate(Action.Instruction instruction, Registers before) {
    switch (instruction) {
      case Action.Invpcid(InvpcidOperand operand) -> invpcid(operand);
      case Action.MovCr3(long value) -> {
        boolean keeps = registers.pcide() && (value & Cr3.NO_FLUSH) != 0;
        if (!keeps && !on.contains(Deviation.CR3_LOAD_KEEPS_ALL)) {
          tlb.dropPcid(registers.pcide() ? registers.cr3() & 0xfff : 0);
        }
      }
      case Action.MovCr4 _ -> changedCr4(before);
      case Action.MovCr0 _, Action.Wrmsr _ -> {
        if (before.pg() != registers.pg() || before.nxe() != registers.nxe()) {
          tlb.clear();
        }
      }
      case Action.Wrpkru _ -> {}
    }
  }

  private void changedCr4(Registers before) {
    long changed = before.cr4() ^ registers.cr4();
    if ((changed & Cr4.PGE) != 0 && on.contains(Deviation.GLOBALS_SURVIVE_PGE)) {
      tlb.dropLocals();
    } else if ((changed & ~(Cr4.PKE | Cr4.PKS | Cr4.SMAP)) != 0) {
      tlb.clear();
    }
  }

  private void invpcid(InvpcidOperand operand) {
    if (on.contains(Deviation.INVPCID_IGNORED)) {
      return;
    }
    switch ((int) operand.type()) {
      case 0, 1 -> tlb.dropPcid(operand.pcid());
      case 2 -> {
        if (on.contains(Deviation.GLOBALS_SURVIVE_INVPCID_2)) {
          tlb.dropLocals();
        } else {
          tlb.clear();
        }
      }
      default -> tlb.dropLocals();
    }
  }
}
