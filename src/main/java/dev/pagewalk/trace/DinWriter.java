package dev.pagewalk.trace;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes Dinero's traditional lines, a label and an address; {@link DinReader} has the format.
 * Processes and sizes are lost, and an access that reads and writes becomes two.
 */
final class DinWriter extends TextWriter {
  private static final byte[] MODIFY_READ = ascii("0 ");
  private static final int WORD_BYTES = 4;

  private boolean sizes;
  private boolean modifications;
  private boolean processes;

  DinWriter(OutputStream out) {
    super(out);
  }

  @Override
  void access(long address, int what) {
    int kind = AccessBatch.kind(what);
    sizes |= AccessBatch.bytes(what) != WORD_BYTES - (address & (WORD_BYTES - 1));
    processes |= AccessBatch.process(what) != 0;
    if (kind == AccessBatch.MODIFY) {
      modifications = true;
      text(MODIFY_READ);
      hex(address, 1);
      character('\n');
      kind = AccessBatch.WRITE;
    }
    // The labels are the numbers of the kinds.
    character((char) ('0' + kind));
    character(' ');
    hex(address, 1);
    character('\n');
  }

  @Override
  public List<String> losses() {
    List<String> losses = new ArrayList<>();
    if (sizes) {
      losses.add("the sizes of accesses");
    }
    if (modifications) {
      losses.add("that a read and a write are of one instruction");
    }
    if (processes) {
      losses.add("which process an access is of");
    }
    return losses;
  }
}
