package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Makes a failing stream small: first fewer moves, by halves and less, then simpler ones, fewer and
 * simpler words, and a simpler processor. What is left fails still, though it may be in another
 * way.
 */
final class Shrinker {
  private final Run.Maker runs;
  private final Memories memories;
  private Stream smallest;
  private long attempts;

  Shrinker(Run.Maker runs, Memories memories) {
    this.runs = runs;
    this.memories = memories;
  }

  /**
   * The smallest stream found that fails as {@code failing} does.
   *
   * @throws IllegalArgumentException if it does not fail
   */
  Stream shrink(Stream failing) {
    if (!tryIt(failing)) {
      throw new IllegalArgumentException("the stream does not fail when it is played again");
    }
    dropMoves();
    long before;
    do {
      before = size();
      dropWords();
      simplifyMachine();
      dropMoves();
      simplifyMoves();
      simplifyWords();
    } while (size() != before);
    return smallest;
  }

  /** How many streams have been played. */
  long attempts() {
    return attempts;
  }

  /** Makes {@code stream} the smallest if it fails. */
  private boolean tryIt(Stream stream) {
    attempts++;
    Run run = runs.begin(stream.scenario(), memories);
    boolean fails = Run.play(run, stream).isPresent();
    if (fails) {
      smallest = stream;
    }
    return fails;
  }

  private void dropMoves() {
    for (int chunk = Math.max(1, smallest.moves().size() / 2); chunk > 0; chunk /= 2) {
      // From the end: what comes after the failure goes first.
      for (int end = smallest.moves().size(); end > 0; end -= chunk) {
        List<Move> fewer = new ArrayList<>(smallest.moves());
        fewer.subList(Math.max(0, end - chunk), Math.min(end, fewer.size())).clear();
        tryIt(new Stream(smallest.scenario(), fewer));
      }
    }
  }

  private void dropWords() {
    for (int i = smallest.scenario().words().size() - 1; i >= 0; i--) {
      List<Op.Store> fewer = new ArrayList<>(smallest.scenario().words());
      fewer.remove(i);
      tryIt(new Stream(smallest.scenario().with(fewer), smallest.moves()));
    }
  }

  private void simplifyMachine() {
    for (UnaryOperator<Scenario> simpler : SimplerMachines.all()) {
      Scenario scenario = simpler.apply(smallest.scenario());
      if (!scenario.equals(smallest.scenario())) {
        tryIt(new Stream(scenario, smallest.moves()));
      }
    }
  }

  private void simplifyMoves() {
    for (int i = 0; i < smallest.moves().size(); i++) {
      switch (smallest.moves().get(i)) {
        case Move.Plain(Op.Touch(Access access)) -> simplifyAccess(i, access);
        case Move.Edit edit -> simplifyEdit(i);
        case Move.Switch change -> replace(i, new Move.Switch(change.cr3() & ~0x18L, false, 0));
        case Move.Plain plain -> {}
      }
    }
  }

  private void simplifyAccess(int i, Access access) {
    Access simpler = access;
    AccessKind ordinary = access.kind().isWrite() ? AccessKind.WRITE : AccessKind.READ;
    Mode mode = access.mode().isUser() ? Mode.USER : Mode.SUPERVISOR;
    for (Access next :
        List.of(
            new Access(access.linearAddress(), ordinary, access.mode(), access.ac(), false),
            new Access(access.linearAddress(), access.kind(), mode, false, false),
            access.at(access.linearAddress() & -4096L))) {
      // Each on top of those that were good.
      Access merged =
          new Access(
              next.linearAddress() == access.linearAddress()
                  ? simpler.linearAddress()
                  : next.linearAddress(),
              next.kind() == access.kind() ? simpler.kind() : next.kind(),
              next.mode() == access.mode() ? simpler.mode() : next.mode(),
              next.ac() && simpler.ac(),
              next.stack() && simpler.stack());
      if (replace(i, new Move.Plain(new Op.Touch(merged)))) {
        simpler = merged;
      }
    }
  }

  private void simplifyEdit(int i) {
    for (int s = edit(i).stores().size() - 1; s >= 0; s--) {
      List<Op.Store> fewer = new ArrayList<>(edit(i).stores());
      fewer.remove(s);
      replace(i, new Move.Edit(fewer, edit(i).how()));
    }
    for (int s = 0; s < edit(i).stores().size(); s++) {
      for (int bit = 63; bit >= 0; bit--) {
        List<Op.Store> stores = new ArrayList<>(edit(i).stores());
        Op.Store store = stores.get(s);
        if ((store.value() >>> bit & 1) != 0) {
          stores.set(s, new Op.Store(store.pa(), store.value() & ~(1L << bit)));
          replace(i, new Move.Edit(stores, edit(i).how()));
        }
      }
    }
  }

  private Move.Edit edit(int i) {
    return (Move.Edit) smallest.moves().get(i);
  }

  private boolean replace(int i, Move move) {
    if (move.equals(smallest.moves().get(i))) {
      return false;
    }
    List<Move> moves = new ArrayList<>(smallest.moves());
    moves.set(i, move);
    return tryIt(new Stream(smallest.scenario(), moves));
  }

  private void simplifyWords() {
    for (int i = 0; i < smallest.scenario().words().size(); i++) {
      for (int bit = 63; bit >= 0; bit--) {
        List<Op.Store> words = new ArrayList<>(smallest.scenario().words());
        Op.Store word = words.get(i);
        if ((word.value() >>> bit & 1) != 0) {
          words.set(i, new Op.Store(word.pa(), word.value() & ~(1L << bit)));
          tryIt(new Stream(smallest.scenario().with(words), smallest.moves()));
        }
      }
    }
  }

  /** A number that falls with everything that makes a stream simpler. */
  private long size() {
    long bits = 0;
    for (Op.Store word : smallest.scenario().words()) {
      bits += 64 + Long.bitCount(word.value());
    }
    for (Move move : smallest.moves()) {
      bits += 64 + (move instanceof Move.Edit edit ? 64L * edit.stores().size() : 0);
    }
    return bits;
  }
}
