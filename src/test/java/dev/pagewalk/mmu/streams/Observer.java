package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.MmuSnapshot;
import dev.pagewalk.mmu.TlbEntry;
import dev.pagewalk.mmu.TlbEntry.Flag;
import java.util.List;

/** An MMU under test whose structures are looked at before each access, to see what it shows. */
final class Observer implements Subject {
  private final MmuSubject subject;
  private final List<TlbGeometry> firstLevel;
  private final Coverage coverage;

  Observer(MmuSubject subject, Scenario scenario, Coverage coverage) {
    this.subject = subject;
    this.firstLevel = scenario.model().firstLevel();
    this.coverage = coverage;
  }

  @Override
  public Registers registers() {
    return subject.registers();
  }

  @Override
  public Outcome perform(Op op) {
    // An address of 48 bits is no pointer with data in its upper bits.
    boolean watched =
        op instanceof Op.Touch(Access access)
            && LinearAddress.isCanonical(access.linearAddress(), 48);
    return watched ? touch(((Op.Touch) op).access(), registers()) : subject.perform(op);
  }

  private Outcome touch(Access access, Registers now) {
    Mmu mmu = subject.mmu();
    MmuSnapshot snapshot = mmu.snapshot();
    long walks = mmu.counters().walks();
    Outcome outcome = subject.perform(new Op.Touch(access));
    boolean walked = mmu.counters().walks() != walks;
    for (TlbGeometry tlb : firstLevel) {
      if (tlb.ports().contains(port(access.kind()))) {
        for (TlbEntry entry : snapshot.tlbs().get(tlb.name())) {
          if (matches(entry, access.linearAddress(), now)) {
            count(entry, access, outcome instanceof Outcome.Reached, walked);
          }
        }
      }
    }
    return outcome;
  }

  private void count(TlbEntry entry, Access access, boolean reached, boolean walked) {
    boolean clean = !entry.flags().contains(Flag.DIRTY);
    if (walked) {
      coverage.countIf(reached && clean && access.kind().isWrite(), "writes to clean pages");
      return;
    }
    coverage.countIf(!reached, "hits refused");
    coverage.countIf(reached && entry.size() != entry.pageSize(), "hits on pieces of pages");
    coverage.countIf(
        reached && entry.pcid() != TableReader.pcid(registers()), "hits on globals of other PCIDs");
  }

  private static boolean matches(TlbEntry entry, long linearAddress, Registers now) {
    boolean own = entry.pcid() == TableReader.pcid(now) || entry.flags().contains(Flag.GLOBAL);
    return own && (entry.linearAddress() ^ linearAddress) >>> entry.size().shift() == 0;
  }

  private static Port port(AccessKind kind) {
    return switch (kind) {
      case FETCH -> Port.FETCH;
      case READ, SHADOW_STACK_READ -> Port.LOAD;
      case WRITE, SHADOW_STACK_WRITE -> Port.STORE;
    };
  }
}
