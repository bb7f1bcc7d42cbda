package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;

/** What {@link Mmu} can do, so that another may stand in its place. */
interface AnyMmu {
  long translate(long linearAddress, int access);

  long cr2();

  Registers registers();

  void reset(Cpu cpu, Registers registers);

  RegisterWrite movToCr0(long value);

  RegisterWrite movToCr3(long value);

  RegisterWrite movToCr4(long value);

  RegisterWrite wrmsr(long msr, long value);

  RegisterWrite wrpkru(long value);

  void invlpg(long linearAddress);

  RegisterWrite invpcid(InvpcidOperand operand);

  MmuCounters counters();

  void resetCounters();

  MmuSnapshot snapshot();

  /** {@code mmu} seen so. */
  static AnyMmu of(Mmu mmu) {
    return new Real(mmu);
  }

  /** The MMU under test. */
  record Real(Mmu mmu) implements AnyMmu {
    @Override
    public long translate(long linearAddress, int access) {
      return mmu.translate(linearAddress, access);
    }

    @Override
    public long cr2() {
      return mmu.cr2();
    }

    @Override
    public Registers registers() {
      return mmu.registers();
    }

    @Override
    public void reset(Cpu cpu, Registers registers) {
      mmu.reset(cpu, registers);
    }

    @Override
    public RegisterWrite movToCr0(long value) {
      return mmu.movToCr0(value);
    }

    @Override
    public RegisterWrite movToCr3(long value) {
      return mmu.movToCr3(value);
    }

    @Override
    public RegisterWrite movToCr4(long value) {
      return mmu.movToCr4(value);
    }

    @Override
    public RegisterWrite wrmsr(long msr, long value) {
      return mmu.wrmsr(msr, value);
    }

    @Override
    public RegisterWrite wrpkru(long value) {
      return mmu.wrpkru(value);
    }

    @Override
    public void invlpg(long linearAddress) {
      mmu.invlpg(linearAddress);
    }

    @Override
    public RegisterWrite invpcid(InvpcidOperand operand) {
      return mmu.invpcid(operand);
    }

    @Override
    public MmuCounters counters() {
      return mmu.counters();
    }

    @Override
    public void resetCounters() {
      mmu.resetCounters();
    }

    @Override
    public MmuSnapshot snapshot() {
      return mmu.snapshot();
    }
  }
}
