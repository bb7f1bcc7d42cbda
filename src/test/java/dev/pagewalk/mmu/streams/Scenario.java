package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.List;

/**
 * What a stream starts from: with the moves, all that is needed to play it again.
 *
 * @param seed from which it was drawn
 * @param cpu the processor
 * @param model its structures
 * @param registers before the first move
 * @param flat whether memory is in one piece, which has a path of its own
 * @param layout where the tables lie
 * @param words named words that are not zero before the first move
 */
record Scenario(
    long seed,
    Cpu cpu,
    CpuModel model,
    Registers registers,
    boolean flat,
    Layout layout,
    List<Op.Store> words) {

  Scenario with(Cpu other) {
    return new Scenario(seed, other, model, registers, flat, layout, words);
  }

  Scenario with(CpuModel other) {
    return new Scenario(seed, cpu, other, registers, flat, layout, words);
  }

  Scenario with(Registers other) {
    return new Scenario(seed, cpu, model, other, flat, layout, words);
  }

  Scenario with(List<Op.Store> other) {
    return new Scenario(seed, cpu, model, registers, flat, layout, other);
  }

  /** Puts the first words into {@code memory}, which is zero. */
  void load(PhysicalMemory memory) {
    for (Op.Store word : words) {
      memory.write64(word.pa(), word.value());
    }
  }
}
