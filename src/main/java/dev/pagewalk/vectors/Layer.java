package dev.pagewalk.vectors;

/** The parts in which a scenario is compared, each by itself; the strictest are the last. */
public enum Layer {
  /** Results, values, signals and errors. */
  RESULTS("results"),
  /** Hardware page faults with addresses and error codes; minor and major faults charged. */
  FAULTS("faults"),
  /** Mappings. */
  VMAS("vmas"),
  /** Pages: which frame is where, shared with whom, zero, huge, in swap, of a file. */
  PAGES("pages"),
  /** Counters of smaps, and page-table pages. */
  COUNTERS("counters"),
  /** Contents of memory and files at the end. */
  CONTENTS("contents");

  private final String label;

  Layer(String label) {
    this.label = label;
  }

  /** Its name in reports. */
  public String label() {
    return label;
  }
}
