package dev.pagewalk.trace;

import java.io.OutputStream;
import java.util.List;

/** Writes lines as lackey prints them; {@link LackeyReader} has the format. Processes are lost. */
final class LackeyWriter extends TextWriter {
  private static final byte[][] HEADS = {ascii(" L "), ascii(" S "), ascii("I  "), ascii(" M ")};
  private static final int LEAST_DIGITS = 8;

  private boolean processes;

  LackeyWriter(OutputStream out) {
    super(out);
  }

  @Override
  void access(long address, int what) {
    text(HEADS[AccessBatch.kind(what)]);
    hex(address, LEAST_DIGITS);
    character(',');
    decimal(AccessBatch.bytes(what));
    character('\n');
    processes |= AccessBatch.process(what) != 0;
  }

  @Override
  public List<String> losses() {
    return processes ? List.of("which process an access is of") : List.of();
  }
}
