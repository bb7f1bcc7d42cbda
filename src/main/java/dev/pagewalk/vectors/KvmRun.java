package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.kvm.GuestEvent;
import dev.pagewalk.kvm.GuestOperation;
import dev.pagewalk.kvm.KvmException;
import dev.pagewalk.kvm.KvmMachine;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * One vector on the machine underneath, step by step.
 *
 * <p>Which physical address was reached is told by contents: every place at which the bytes of an
 * access may be gets contents of its own before the access.
 */
final class KvmRun {
  private static final int OPERAND_SIZE = 0x66;

  /** What stands at a place to be fetched at CPL 3: HLT, INT3, an opcode that there is none of. */
  private static final int[] USER_OPCODES = {0xf4, 0xcc, 0x06};

  /** The same at CPL 0: HLT, RET. */
  private static final int[] OPCODES = {0xf4, 0xc3};

  private static final int BREAKPOINT = 3;
  private static final int INVALID_OPCODE = 6;
  private static final int STACK_FAULT = 12;
  private static final int GENERAL_PROTECTION = 13;
  private static final int PAGE_FAULT = 14;

  private final KvmMachine machine;
  private final PhysicalMemory memory;
  private final WalkVector vector;
  private final KvmPlan plan;
  private Action last;

  KvmRun(KvmMachine machine, PhysicalMemory memory, WalkVector vector, KvmPlan plan) {
    this.machine = machine;
    this.memory = memory;
    this.vector = vector;
    this.plan = plan;
  }

  /** How many places a fetch tells apart. */
  static int mostPlaces(boolean user) {
    return (user ? USER_OPCODES : OPCODES).length;
  }

  /** The action that was begun last. */
  Action last() {
    return last;
  }

  /** Runs all steps. */
  List<SubjectAnswer.Said> perform() throws KvmException {
    Words words = vector.memory();
    for (int i = 0; i < words.size(); i++) {
      memory.write64(words.address(i), words.value(i));
    }
    machine.start(
        new KvmMachine.Start(
            vector.state(), plan.roots(), plan.frames(), plan.freeIndex().orElseThrow()));
    long[] now = words.values();
    List<SubjectAnswer.Said> said = new ArrayList<>(vector.steps().size());
    for (Step step : vector.steps()) {
      last = step.action();
      Outcome outcome = perform(last);
      said.add(new SubjectAnswer.Said(outcome, Answers.changed(memory, words, now)));
    }
    machine.finish();
    for (int i = 0; i < words.size(); i++) {
      memory.write64(words.address(i), 0);
    }
    for (Step step : vector.steps()) {
      if (step.action() instanceof Action.Store store) {
        memory.write64(store.pa(), 0);
      }
    }
    return said;
  }

  private Outcome perform(Action action) throws KvmException {
    return switch (action) {
      case Action.Touch touch -> touch(touch);
      case Action.Store(long pa, long value) -> {
        machine.store(pa, value);
        yield new Outcome.Done();
      }
      case Action.Invlpg(long va) -> outcome(machine.invlpg(va));
      case Action.Invpcid(var operand) ->
          outcome(machine.invpcid(operand.type(), operand.pcid(), operand.linearAddress()));
      case Action.MovCr0(long value) -> outcome(machine.movCr(GuestOperation.MOV_CR0, value));
      case Action.MovCr3(long value) -> outcome(machine.movCr(GuestOperation.MOV_CR3, value));
      case Action.MovCr4(long value) -> outcome(machine.movCr(GuestOperation.MOV_CR4, value));
      case Action.Wrpkru(long value) -> outcome(machine.write(GuestOperation.WRPKRU, 0, value));
      case Action.Wrmsr(long msr, long value) ->
          outcome(machine.write(GuestOperation.WRMSR, msr, value));
    };
  }

  /** What an instruction's event is, or an access's that raised an exception. */
  private static Outcome outcome(GuestEvent event) throws KvmException {
    return switch (event) {
      case GuestEvent.Completed _ -> new Outcome.Done();
      case GuestEvent.NoMemory(long pa) ->
          throw new KvmException("an instruction reached " + Hex.of(pa));
      case GuestEvent.Returned _ -> throw new KvmException("the guest returned from nowhere");
      case GuestEvent.Raised raised -> exception(raised);
    };
  }

  private static Outcome exception(GuestEvent.Raised raised) throws KvmException {
    boolean withoutCode = raised.error() == 0;
    if (raised.vector() == PAGE_FAULT) {
      return new Outcome.PageFault((int) raised.error(), raised.cr2());
    }
    if (raised.vector() == GENERAL_PROTECTION && withoutCode) {
      return new Outcome.GeneralProtection();
    }
    if (raised.vector() == STACK_FAULT && withoutCode) {
      return new Outcome.StackFault();
    }
    if (raised.vector() == INVALID_OPCODE) {
      return new Outcome.InvalidOpcode();
    }
    throw new KvmException(
        "the guest raised exception " + raised.vector() + ", error " + Hex.of(raised.error()));
  }

  // --- accesses ---

  /** The bytes of an access at the places where they may be, and what was there before. */
  private final class Marks {
    private final List<List<Long>> places = new ArrayList<>();
    private final List<long[]> before = new ArrayList<>();

    Marks(Action.Touch touch) {
      for (int i = 0; i < touch.size(); i++) {
        List<Long> at = plan.places(touch.access().linearAddress() + i);
        places.add(at);
        before.add(at.stream().mapToLong(memory::read8).toArray());
      }
    }

    /** Puts {@code contents} of byte {@code i} at place {@code k} there, but into no table. */
    void put(int i, int k, int contents) {
      long pa = places.get(i).get(k);
      if (!plan.isOfTable(pa)) {
        memory.write8(pa, contents);
      }
    }

    /** Puts back what was there. */
    void restore() {
      for (int i = 0; i < places.size(); i++) {
        for (int k = 0; k < places.get(i).size(); k++) {
          put(i, k, (int) before.get(i)[k]);
        }
      }
    }

    /** How many places byte {@code i} may be at. */
    int count(int i) {
      return places.get(i).size();
    }

    /** Where all bytes are as {@code value} has them: the first one's place, or -1. */
    long find(long value) {
      long found = -1;
      for (int i = 0; i < places.size(); i++) {
        int wanted = (int) (value >>> (8 * i)) & 0xff;
        long here = -1;
        for (int k = count(i) - 1; k >= 0; k--) {
          here = memory.read8(places.get(i).get(k)) == wanted ? places.get(i).get(k) : here;
        }
        if (here < 0) {
          return -1;
        }
        found = i == 0 ? here : found;
      }
      return found;
    }

    long first(int k) {
      return places.getFirst().get(k);
    }
  }

  private Outcome touch(Action.Touch touch) throws KvmException {
    Access access = touch.access();
    boolean user = access.mode().isUser();
    long address = access.linearAddress();
    Marks marks = new Marks(touch);
    // Bytes that differ from place to place, and from one byte of a place to the next.
    for (int i = 0; i < touch.size(); i++) {
      for (int k = 0; k < marks.count(i); k++) {
        marks.put(i, k, contents(touch, i, k));
      }
    }
    long value = 0xa1b2_c3d4_e5f6_8798L;
    KvmMachine.Privilege by = new KvmMachine.Privilege(user, access.ac());
    GuestEvent event =
        switch (access.kind()) {
          case READ -> machine.access(GuestOperation.read(touch.size()), address, 0, by);
          case WRITE -> machine.access(GuestOperation.write(touch.size()), address, value, by);
          default -> machine.fetch(address, touch.size(), user, access.ac());
        };
    Outcome outcome =
        access.kind() == AccessKind.FETCH
            ? fetched(event, touch, marks)
            : reached(event, access.kind() == AccessKind.READ, value, marks);
    marks.restore();
    return outcome;
  }

  private static int contents(Action.Touch touch, int i, int k) {
    if (touch.access().kind() == AccessKind.FETCH) {
      int[] opcodes = touch.access().mode().isUser() ? USER_OPCODES : OPCODES;
      return i == touch.size() - 1 ? opcodes[k] : OPERAND_SIZE;
    }
    return 0x11 + i + 0x29 * k & 0x7f;
  }

  private static Outcome reached(GuestEvent event, boolean read, long value, Marks marks)
      throws KvmException {
    return switch (event) {
      case GuestEvent.Completed(long rax) -> {
        long at = marks.find(read ? rax : value);
        if (at < 0) {
          throw new KvmException("an access reached memory that no table names for it");
        }
        yield new Outcome.Reached(at);
      }
      case GuestEvent.NoMemory(long pa) -> new Outcome.Reached(pa);
      case GuestEvent.Returned _ -> throw new KvmException("the guest returned from nowhere");
      case GuestEvent.Raised raised -> exception(raised);
    };
  }

  private Outcome fetched(GuestEvent event, Action.Touch touch, Marks marks) throws KvmException {
    long address = touch.access().linearAddress();
    if (!LinearAddress.isCanonical(address, vector.state().linearWidth())
        && event instanceof GuestEvent.Completed
        && touch.access().mode().isUser()) {
      // HLT at CPL 3 and an address that is not canonical raise the same exception.
      return new Outcome.GeneralProtection();
    }
    return switch (event) {
      case GuestEvent.Completed _ when marks.count(0) > 0 -> new Outcome.Reached(marks.first(0));
      case GuestEvent.Completed _ ->
          throw new KvmException("a fetch reached memory that no table names for it");
      case GuestEvent.Returned _ when marks.count(0) > 1 -> new Outcome.Reached(marks.first(1));
      case GuestEvent.Raised(int number, long _, long rip, long _)
          when number == BREAKPOINT && marks.count(0) > 1 && rip == address + touch.size() ->
          new Outcome.Reached(marks.first(1));
      case GuestEvent.Raised(int number, long _, long rip, long _)
          when number == INVALID_OPCODE && marks.count(0) > 2 && rip == address ->
          new Outcome.Reached(marks.first(2));
      default -> outcome(event);
    };
  }
}
