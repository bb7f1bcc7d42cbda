package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Signal;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkResult;
import java.util.ArrayList;
import java.util.List;

/** Makes accesses on a core, one translation after the other, and keeps a record of each. */
final class Accesses {
  /** Faults after which the kernel is taken to make no progress. */
  private static final int MOST_FAULTS = 4;

  private final Core core;
  private final Mmu mmu;
  private final PhysicalMemory memory;
  private final Deeds deeds;

  Accesses(Core core, PhysicalMemory memory, Deeds deeds) {
    this.core = core;
    this.mmu = core.mmu();
    this.memory = memory;
    this.deeds = deeds;
  }

  /** Makes an access of the process that is loaded. */
  Report make(Statement.Access wanted) {
    Access access = wanted.asMade();
    boolean user = access.mode() == Mode.USER;
    List<Attempt> attempts = new ArrayList<>();
    List<String> marks = new ArrayList<>();
    while (attempts.size() < MOST_FAULTS) {
      Attempt attempt = translate(access);
      attempts.add(attempt);
      if (attempt.reached()) {
        marks.add(attempts.size() == 1 && attempt.tlb().equals("hit") ? "hit" : "walk");
        long value = touch(wanted, attempt.answer());
        return report(wanted, attempts, marks, new End("", value));
      }
      if (!user) {
        return report(wanted, attempts, marks, new End("oops", 0));
      }
      if (!resolve(attempts, marks)) {
        return report(wanted, attempts, marks, new End(signal(core.signal()), 0));
      }
    }
    marks.add("stuck");
    return report(wanted, attempts, marks, new End("", 0));
  }

  /** How an access ended: the signal, if any, and what was read. */
  private record End(String signal, long value) {}

  private Attempt translate(Access access) {
    WalkResult walk = new ReferenceWalk(memory, mmu.cpu(), mmu.registers()).probe(access);
    long walks = mmu.walks();
    long others = mmu.counters().otherFaults();
    long answer = mmu.translate(access.linearAddress(), AccessCode.of(access));
    boolean refused = mmu.counters().otherFaults() != others;
    String looked = mmu.walks() == walks ? "hit" : "miss";
    return new Attempt(refused ? "none" : looked, walk, answer, mmu.cr2(), List.of());
  }

  /** Has the kernel handle the fault of the last attempt. */
  private boolean resolve(List<Attempt> attempts, List<String> marks) {
    Attempt attempt = attempts.removeLast();
    if (attempt.error() < 0) {
      attempts.add(attempt.with(List.of("The kernel sends a signal.")));
      return core.resolve(attempt.answer());
    }
    Deeds.Before before = deeds.before(core.loaded(), attempt.cr2());
    boolean resolved = core.resolve(attempt.answer());
    attempts.add(attempt.with(deeds.after(before, resolved ? null : core.signal(), marks)));
    return resolved;
  }

  private long touch(Statement.Access wanted, long physical) {
    if (wanted.kind() == Statement.Kind.WRITE) {
      memory.write8(physical, (int) wanted.value() & 0xff);
      return wanted.value() & 0xff;
    }
    return memory.read8(physical);
  }

  private static String signal(Signal signal) {
    String code =
        switch (signal.code()) {
          case FaultResult.SEGV_MAPERR -> signal.number() == 11 ? " (SEGV_MAPERR)" : "";
          case FaultResult.SEGV_ACCERR ->
              signal.number() == 11 ? " (SEGV_ACCERR)" : " (BUS_ADRERR)";
          case FaultResult.SEGV_PKUERR -> " (SEGV_PKUERR)";
          default -> "";
        };
    return signal.name() + code;
  }

  private static Report report(
      Statement.Access wanted, List<Attempt> attempts, List<String> marks, End end) {
    String signal = end.signal;
    StringBuilder text = new StringBuilder(what(wanted)).append(": ");
    for (Attempt attempt : attempts) {
      tell(text, attempt);
    }
    Attempt last = attempts.getLast();
    boolean reached = last.reached();
    if (reached) {
      text.append("physical address ").append(Hex.of(last.answer()));
      text.append(wanted.kind() == Statement.Kind.READ ? ", reads " + end.value + "." : ".");
    } else if (signal.equals("oops")) {
      text.append("a real kernel would stop here with an oops.");
    } else if (signal.isEmpty()) {
      text.append("and so on, for ever: the kernel finds nothing to repair.");
    } else {
      boolean begins = !last.kernel().isEmpty();
      text.append(begins ? "The" : "the").append(" process gets ").append(signal).append('.');
    }
    return new Report(
        0,
        "",
        text.toString(),
        reached ? Report.OK : Report.FAULT,
        signal,
        end.value,
        List.copyOf(attempts),
        List.copyOf(marks),
        List.of());
  }

  private static String what(Statement.Access wanted) {
    String who = wanted.as() == Statement.As.USER ? wanted.process() : "The kernel, for ";
    String name = wanted.as() == Statement.As.USER ? "" : wanted.process() + ",";
    String verb =
        switch (wanted.kind()) {
          case READ -> " reads ";
          case WRITE -> " writes ";
          case FETCH -> " fetches from ";
        };
    String ac = wanted.as() == Statement.As.SUPERVISOR_AC ? " with AC = 1" : "";
    return who + name + verb + Hex.of(wanted.address()) + ac;
  }

  private static void tell(StringBuilder text, Attempt attempt) {
    text.append(
        switch (attempt.tlb()) {
          case "hit" -> attempt.isStale() ? "TLB hit, and a stale one; " : "TLB hit; ";
          case "miss" -> "TLB miss, page walk; ";
          default -> "";
        });
    if (!attempt.reached()) {
      text.append(attempt.fault());
      if (attempt.error() >= 0) {
        text.append(" error ").append(Hex.of(attempt.error())).append(" (");
        text.append(ErrorCode.names(attempt.error())).append(")");
        text.append((attempt.error() & ErrorCode.P) == 0 ? ", not present" : "");
      }
      text.append(attempt.kernel().isEmpty() ? "; " : ". ");
      attempt.kernel().forEach(deed -> text.append(deed).append(' '));
    }
  }
}
