package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ProtectionKeys;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of its processor's features a vector uses. A processor that lacks one of the others answers
 * in the same way, so that a program without it can be asked.
 */
final class FeatureUse {
  private final Cpu cpu;
  private final Set<Feature> used = EnumSet.noneOf(Feature.class);

  private FeatureUse(Cpu cpu) {
    this.cpu = cpu;
  }

  /** The features that {@code vector} uses, of those that its processor has. */
  static Set<Feature> of(WalkVector vector) {
    FeatureUse use = new FeatureUse(vector.cpu());
    use.cr3(vector.state().cr3());
    use.cr4(vector.state().cr4());
    use.efer(vector.state().efer());
    use.add(Feature.PAGE1GB, vector.cpu().has(Feature.PAGE1GB) && namesGigabytePage(vector));
    for (Step step : vector.steps()) {
      use.action(step.action());
    }
    // Whether D is ever set without a write right depends on its being there.
    use.add(Feature.CET_SS, true);
    return use.used;
  }

  private void action(Action action) {
    switch (action) {
      case Action.Invpcid _ -> {
        add(Feature.INVPCID, true);
        // How wide its linear address is, is the processor's and not the paging mode's.
        add(Feature.LA57, true);
      }
      case Action.MovCr3 mov -> cr3(mov.value());
      case Action.MovCr4 mov -> cr4(mov.value());
      case Action.Wrpkru _ -> add(Feature.PKU, true);
      case Action.Wrmsr(long msr, long value) -> {
        add(Feature.PKS, msr == ProtectionKeys.PKRS_MSR);
        if (msr == Efer.MSR) {
          efer(value);
        }
      }
      case Action.Touch _, Action.Store _, Action.Invlpg _, Action.MovCr0 _ -> {}
    }
  }

  private void cr3(long value) {
    add(Feature.PCID, (value & Cr3.NO_FLUSH) != 0);
    add(Feature.LAM, (value & (Cr3.LAM_U48 | Cr3.LAM_U57)) != 0);
  }

  private void cr4(long value) {
    add(Feature.PGE, (value & Cr4.PGE) != 0);
    add(Feature.PCID, (value & Cr4.PCIDE) != 0);
    add(Feature.SMEP, (value & Cr4.SMEP) != 0);
    add(Feature.SMAP, (value & Cr4.SMAP) != 0);
    add(Feature.PKU, (value & Cr4.PKE) != 0);
    add(Feature.PKS, (value & Cr4.PKS) != 0);
    add(Feature.LA57, (value & Cr4.LA57) != 0);
    add(Feature.LAM, (value & Cr4.LAM_SUP) != 0);
    add(Feature.CET, (value & Cr4.CET) != 0);
  }

  private void efer(long value) {
    add(Feature.NX, (value & Efer.NXE) != 0);
  }

  /** Whether a word that may be read as a PDPTE has PS = 1: a page of 1 GiB, or reserved. */
  private static boolean namesGigabytePage(WalkVector vector) {
    Set<Long> tables = new HashSet<>();
    tables.add(vector.state().root());
    for (Step step : vector.steps()) {
      if (step.action() instanceof Action.MovCr3(long value)) {
        tables.add(value & Entry.ADDRESS);
      }
    }
    Set<Long> pdpts = below(vector, tables);
    if (vector.state().la57()) {
      pdpts = below(vector, pdpts);
    }
    for (Word word : words(vector)) {
      if (word.isIn(pdpts) && Entry.has(word.value, Entry.P | Entry.PS)) {
        return true;
      }
    }
    return false;
  }

  /** The tables that present entries of {@code tables} reference, now or later. */
  private static Set<Long> below(WalkVector vector, Set<Long> tables) {
    Set<Long> below = new HashSet<>();
    for (Word word : words(vector)) {
      if (word.isIn(tables) && Entry.has(word.value, Entry.P)) {
        below.add(Entry.table(word.value));
      }
    }
    return below;
  }

  /** A word of physical memory, as it is at first or as software stores it. */
  private record Word(long pa, long value) {
    boolean isIn(Set<Long> tables) {
      return tables.contains(pa & -Level.TABLE_BYTES);
    }
  }

  private static List<Word> words(WalkVector vector) {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < vector.memory().size(); i++) {
      words.add(new Word(vector.memory().address(i), vector.memory().value(i)));
    }
    for (Step step : vector.steps()) {
      if (step.action() instanceof Action.Store(long pa, long value)) {
        words.add(new Word(pa, value));
      }
    }
    return words;
  }

  private void add(Feature feature, boolean isUsed) {
    if (isUsed && cpu.has(feature)) {
      used.add(feature);
    }
  }
}
