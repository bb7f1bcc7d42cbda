package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a draft smaller as long as what is looked for is still there: fewer steps, fewer words,
 * fewer bits, plainer registers and accesses.
 */
final class FuzzShrinker {
  /** Drafts that are tried at most. */
  private static final int MOST_TRIES = 600;

  private final Test test;
  private int tries;

  /** Whether a draft still shows what is looked for. */
  interface Test {
    boolean shows(FuzzDraft draft) throws Dialogue.Trouble;
  }

  FuzzShrinker(Test test) {
    this.test = test;
  }

  /** The smallest that is found from {@code draft} on. */
  FuzzDraft shrink(FuzzDraft draft) throws Dialogue.Trouble {
    FuzzDraft now = draft;
    while (true) {
      Optional<FuzzDraft> smaller = smaller(now);
      if (smaller.isEmpty()) {
        return now;
      }
      now = smaller.get();
    }
  }

  private Optional<FuzzDraft> smaller(FuzzDraft draft) throws Dialogue.Trouble {
    for (FuzzDraft candidate : candidates(draft)) {
      if (tries++ >= MOST_TRIES) {
        return Optional.empty();
      }
      if (test.shows(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static List<FuzzDraft> candidates(FuzzDraft draft) {
    List<FuzzDraft> candidates = new ArrayList<>();
    for (int i = 0; i < draft.actions().size(); i++) {
      FuzzDraft fewer = draft.copy();
      fewer.actions().remove(i);
      candidates.add(fewer);
    }
    for (long at : draft.words().keySet()) {
      FuzzDraft fewer = draft.copy();
      fewer.words().remove(at);
      candidates.add(fewer);
    }
    registers(draft, candidates);
    for (int i = 0; i < draft.actions().size(); i++) {
      if (draft.actions().get(i) instanceof Action.Touch touch) {
        plainer(draft, i, touch, candidates);
      }
    }
    for (var word : draft.words().entrySet()) {
      // Of an address's bits none says more than the others, and clearing one moves a table.
      for (long left = word.getValue() & (~Entry.ADDRESS & ~Entry.P); left != 0; left &= left - 1) {
        FuzzDraft fewer = draft.copy();
        fewer.words().put(word.getKey(), word.getValue() & ~Long.lowestOneBit(left));
        candidates.add(fewer);
      }
    }
    return candidates;
  }

  private static void registers(FuzzDraft draft, List<FuzzDraft> candidates) {
    Registers state = draft.state();
    for (long left = state.cr4() & ~Cr4.PAE; left != 0; left &= left - 1) {
      candidates.add(draft.copy().with(state.withCr4(state.cr4() & ~Long.lowestOneBit(left))));
    }
    if (state.wp()) {
      candidates.add(draft.copy().with(state.withCr0(state.cr0() & ~Cr0.WP)));
    }
    if (state.pkru() != 0) {
      candidates.add(draft.copy().with(state.withPkru(0)));
      candidates.add(draft.copy().with(state.withPkru(state.pkru() & (state.pkru() - 1))));
    }
    if (state.pkrs() != 0) {
      candidates.add(draft.copy().with(state.withPkrs(0)));
      candidates.add(draft.copy().with(state.withPkrs(state.pkrs() & (state.pkrs() - 1))));
    }
  }

  private static void plainer(
      FuzzDraft draft, int step, Action.Touch touch, List<FuzzDraft> candidates) {
    Access access = touch.access();
    int least = access.kind().isShadowStack() ? 4 : 1;
    if (touch.size() > least) {
      FuzzDraft smaller = draft.copy();
      smaller.actions().set(step, new Action.Touch(access, least, touch.cpl()));
      candidates.add(smaller);
    }
    if (Extension.of(access) != null) {
      FuzzDraft ordinary = draft.copy();
      AccessKind kind = access.kind().isWrite() ? AccessKind.WRITE : AccessKind.READ;
      Mode mode = Mode.atCpl(touch.cpl());
      Access plain = new Access(access.linearAddress(), kind, mode, access.ac(), false);
      ordinary.actions().set(step, new Action.Touch(plain, touch.size()));
      candidates.add(ordinary);
    }
    if (access.ac()) {
      FuzzDraft plain = draft.copy();
      plain.actions().set(step, touch.with(access.withAc(false)));
      candidates.add(plain);
    }
    if ((access.linearAddress() & 0xfff) != 0) {
      FuzzDraft aligned = draft.copy();
      Access first = access.at(access.linearAddress() & -4096);
      aligned.actions().set(step, touch.with(first));
      candidates.add(aligned);
    }
  }
}
