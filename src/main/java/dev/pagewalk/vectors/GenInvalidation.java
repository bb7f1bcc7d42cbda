package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Registers;

/** The instructions that invalidate, for sequences in which something may be stale. */
enum GenInvalidation {
  NONE,
  INVLPG,
  INVLPG_ELSEWHERE,
  MOV_CR3,
  INVPCID_ADDRESS,
  INVPCID_PCID,
  INVPCID_ALL,
  INVPCID_ALL_BUT_GLOBAL,
  TOGGLE_PGE;

  /** Adds it to a sequence that is about the page of {@code address}. */
  void add(GenSketch sketch, long address) {
    Registers state = sketch.state();
    long pcid = state.pcide() ? state.cr3() & Cr3.PCID : 0;
    switch (this) {
      case NONE -> {}
      case INVLPG -> sketch.add(new Action.Invlpg(address));
      case INVLPG_ELSEWHERE -> sketch.add(new Action.Invlpg(address ^ (1L << 40)));
      case MOV_CR3 -> sketch.add(new Action.MovCr3(state.cr3()));
      case INVPCID_ADDRESS -> invpcid(sketch, 0, pcid, address);
      case INVPCID_PCID -> invpcid(sketch, 1, pcid, 0);
      case INVPCID_ALL -> invpcid(sketch, 2, 0, 0);
      case INVPCID_ALL_BUT_GLOBAL -> invpcid(sketch, 3, 0, 0);
      case TOGGLE_PGE -> {
        sketch.add(new Action.MovCr4(state.cr4() ^ Cr4.PGE));
        sketch.add(new Action.MovCr4(state.cr4()));
      }
    }
  }

  private static void invpcid(GenSketch sketch, int type, long pcid, long address) {
    sketch.add(new Action.Invpcid(new InvpcidOperand(type, pcid, address)));
  }
}
