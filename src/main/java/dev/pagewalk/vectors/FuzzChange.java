package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Registers;
import java.util.List;
import java.util.random.RandomGenerator;

/** A draft that differs in a few bits from one that was the first in some situation. */
final class FuzzChange {
  private FuzzChange() {}

  /** One to three changes of {@code draft}. */
  static FuzzDraft of(FuzzDraft draft, RandomGenerator random) {
    FuzzDraft changed = draft.copy();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      changed =
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> bit(changed, random);
            case 3 -> register(changed, random);
            case 4 -> again(changed, random);
            default -> access(changed, random);
          };
    }
    return changed;
  }

  private static FuzzDraft bit(FuzzDraft draft, RandomGenerator random) {
    List<Long> addresses = List.copyOf(draft.words().keySet());
    if (!addresses.isEmpty()) {
      long at = addresses.get(random.nextInt(addresses.size()));
      // Flags, and sometimes any bit.
      int bit = random.nextInt(4) == 0 ? random.nextInt(64) : random.nextInt(9);
      long value = draft.words().get(at) ^ (random.nextInt(8) == 0 ? Long.MIN_VALUE : 1L << bit);
      draft.words().put(at, value);
    }
    return draft;
  }

  private static FuzzDraft register(FuzzDraft draft, RandomGenerator random) {
    Registers state = draft.state();
    return draft.with(
        switch (random.nextInt(3)) {
          case 0 -> state.withCr0(state.cr0() ^ Cr0.WP);
          case 1 -> state.withPkru(state.pkru() & random.nextInt());
          default -> state.withPkrs(state.pkrs() & random.nextInt());
        });
  }

  /** A step once more, at the end. */
  private static FuzzDraft again(FuzzDraft draft, RandomGenerator random) {
    if (draft.actions().size() < 8) {
      draft.actions().add(draft.actions().get(random.nextInt(draft.actions().size())));
    }
    return draft;
  }

  private static FuzzDraft access(FuzzDraft draft, RandomGenerator random) {
    int step = random.nextInt(draft.actions().size());
    if (draft.actions().get(step) instanceof Action.Touch(Access access, int size, int cpl)) {
      if (Extension.of(access) != null) {
        Access other = access.withAc(random.nextBoolean());
        draft.actions().set(step, new Action.Touch(other, size, cpl));
        return draft;
      }
      AccessKind kind = AccessKind.values()[random.nextInt(3)];
      Mode mode = random.nextBoolean() ? Mode.USER : Mode.SUPERVISOR;
      Access other = new Access(access.linearAddress(), kind, mode, random.nextBoolean(), false);
      draft.actions().set(step, new Action.Touch(other, kind == AccessKind.FETCH ? 1 : size));
    }
    return draft;
  }
}
