package dev.pagewalk.bench;

import java.util.Locale;
import java.util.function.Consumer;

/** What is timed, after what has been made ready; the first six are those of faults.c. */
@SuppressWarnings("ImmutableEnumChecker") // What it holds are method references.
public enum FaultWorkload {
  /** First write to each page. */
  DEMAND_ZERO(FaultWork::map, work -> work.writeAll(false), FaultWorkload::storeAndUnmap),
  /** First read of each page. */
  ZERO_READ(FaultWork::map, FaultWork::readAll, FaultWork::unmap),
  /** First write to each page that was read before. */
  ZERO_COW(
      work -> {
        work.map();
        work.readAll();
      },
      work -> work.writeAll(true),
      FaultWorkload::storeAndUnmap),
  /** Fork of a process that has written each page. */
  FORK(
      FaultWorkload::mapAndWrite,
      FaultWork::fork,
      work -> {
        work.exitChild();
        work.unmap();
      }),
  /** First write to each page while a child shares it. */
  COW(
      work -> {
        mapAndWrite(work);
        work.fork();
      },
      work -> work.writeAll(true),
      work -> {
        work.exitChild();
        work.unmap();
      }),
  /** First write to each page after that child has gone. */
  REUSE(
      work -> {
        mapAndWrite(work);
        work.fork();
        work.exitChild();
      },
      work -> work.writeAll(true),
      FaultWork::unmap),
  /** Each page is put out, by advice. */
  SWAP_OUT(FaultWorkload::mapAndWrite, FaultWork::putOut, FaultWork::unmap),
  /** First write to each page that was put out. */
  SWAP_IN(
      work -> {
        mapAndWrite(work);
        work.putOut();
      },
      work -> work.writeAll(false),
      FaultWork::unmap),
  /** Maps and unmaps one page, which is not touched. */
  MAP_UNMAP(work -> {}, FaultWork::mapAndUnmap, work -> {}),
  /** Unmaps a region of which each page was written. */
  UNMAP(FaultWorkload::mapAndWrite, FaultWork::unmap, work -> {});

  private final Consumer<FaultWork> before;
  private final Consumer<FaultWork> timed;
  private final Consumer<FaultWork> after;

  FaultWorkload(Consumer<FaultWork> before, Consumer<FaultWork> timed, Consumer<FaultWork> after) {
    this.before = before;
    this.timed = timed;
    this.after = after;
  }

  private static void mapAndWrite(FaultWork work) {
    work.map();
    work.writeAll(false);
    work.store();
  }

  private static void storeAndUnmap(FaultWork work) {
    work.store();
    work.unmap();
  }

  /** Makes ready. */
  void prepare(FaultWork work) {
    before.accept(work);
  }

  /** What is timed. */
  void run(FaultWork work) {
    timed.accept(work);
  }

  /** Cleans up. */
  void finish(FaultWork work) {
    after.accept(work);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
