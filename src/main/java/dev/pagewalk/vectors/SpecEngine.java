package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.ModelChoices.KeyToggle;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;

/**
 * The reference walk as a machine: no TLB, so that every access walks the tables as they are.
 *
 * <p>An access that crosses a page boundary is two accesses, the lower first; what it reaches is
 * told by its first byte, and a page fault in the upper page has that page's start in CR2. If the
 * upper page's address is not canonical, nothing is walked.
 */
final class SpecEngine implements Engine {
  private static final long PAGE = 4096;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private Cpu cpu;
  private Registers registers;
  private ReferenceWalk walk;
  private StaleKeys staleKeys;
  private WalkResult lastWalk;
  private String lastRefusal = "";

  @Override
  public void reset(Cpu newCpu, Registers newRegisters) {
    memory.clear();
    cpu = newCpu;
    registers = newRegisters;
    walk = new ReferenceWalk(memory, cpu, registers);
    staleKeys = cpu.choices().keyToggle() == KeyToggle.STALE ? new StaleKeys(memory, cpu) : null;
    lastWalk = null;
    lastRefusal = "";
  }

  @Override
  public PhysicalMemory memory() {
    return memory;
  }

  @Override
  public Outcome perform(Action action) {
    lastWalk = null;
    lastRefusal = "";
    return switch (action) {
      case Action.Touch touch -> touch(touch);
      case Action.Store store -> {
        memory.write64(store.pa(), store.value());
        yield new Outcome.Done();
      }
      case Action.Invlpg invlpg -> {
        forgetKeys();
        yield new Outcome.Done();
      }
      case Action.Invpcid invpcid ->
          write(RegisterRules.invpcid(cpu, registers, invpcid.operand()));
      case Action.MovCr0 mov -> write(RegisterRules.movToCr0(cpu, registers, mov.value()));
      case Action.MovCr3 mov -> write(RegisterRules.movToCr3(cpu, registers, mov.value()));
      case Action.MovCr4 mov -> write(RegisterRules.movToCr4(cpu, registers, mov.value()));
      case Action.Wrpkru wrpkru -> write(RegisterRules.wrpkru(registers, wrpkru.value()));
      case Action.Wrmsr wrmsr ->
          write(RegisterRules.wrmsr(cpu, registers, wrmsr.msr(), wrmsr.value()));
    };
  }

  @Override
  public String explanation() {
    return lastWalk == null ? lastRefusal : WalkExplanation.of(lastWalk);
  }

  @Override
  public void close() {
    memory.close();
  }

  private Outcome touch(Action.Touch touch) {
    Access first = touch.access();
    long offset = first.linearAddress() & (PAGE - 1);
    if (offset + touch.size() <= PAGE) {
      return translate(first);
    }
    // A byte whose address is not canonical faults before anything is walked or marked.
    Access upper = first.at(first.linearAddress() - offset + PAGE);
    if (!(walk.probe(upper).outcome() instanceof Outcome.GeneralProtection)) {
      Outcome outcome = translate(first);
      if (!(outcome instanceof Outcome.Reached)) {
        return outcome;
      }
      Outcome second = translate(upper);
      return second instanceof Outcome.Reached ? outcome : second;
    }
    return translate(upper);
  }

  private Outcome translate(Access access) {
    if (staleKeys == null) {
      lastWalk = walk.access(access);
    } else {
      lastWalk = staleKeys.access(walk, registers, access);
    }
    return lastWalk.outcome();
  }

  private Outcome write(RegisterWrite write) {
    return switch (write) {
      case RegisterWrite.Refused refused -> {
        lastRefusal = refused.reason();
        yield refused.fault();
      }
      case RegisterWrite.Accepted accepted -> {
        accept(accepted.after());
        yield new Outcome.Done();
      }
    };
  }

  private void accept(Registers after) {
    if (staleKeys != null && !StaleKeys.differInKeyEnablesOnly(registers, after)) {
      forgetKeys();
    }
    if (!after.equals(registers)) {
      registers = after;
      walk = new ReferenceWalk(memory, cpu, registers);
    }
  }

  private void forgetKeys() {
    if (staleKeys != null) {
      staleKeys.clear();
    }
  }
}
