package dev.pagewalk.machine.replay;

import dev.pagewalk.kernel.policy.FutureUses;
import dev.pagewalk.kernel.policy.LongIntMap;
import dev.pagewalk.machine.MachineFile;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;

/**
 * The first pass over a trace for a policy that knows the future: when each page is accessed next.
 * Accesses are taken in the order in which the replay will make them.
 */
public final class FirstPass {
  private static final int PAGE = 4096;

  private FirstPass() {}

  /**
   * Reads all of a trace.
   *
   * @param file the machine that will replay it
   * @param limit accesses after which the trace is taken to end
   */
  public static FutureUses read(TraceReader trace, MachineFile file, long limit)
      throws IOException {
    Slices slices = new Slices(trace, file.quantum(), file.cores(), limit);
    FutureUses uses = new FutureUses();
    LongIntMap pages = new LongIntMap();
    AccessBatch batch = new AccessBatch();
    while (slices.next(batch)) {
      for (int i = 0; i < batch.size; i++) {
        long address = batch.address[i];
        int what = batch.what[i];
        int process = AccessBatch.process(what);
        uses.append(pages.number(PageKey.of(process, address)));
        if ((address & (PAGE - 1)) + AccessBatch.bytes(what) > PAGE) {
          uses.append(pages.number(PageKey.of(process, address + PAGE)));
        }
      }
    }
    return uses;
  }
}
