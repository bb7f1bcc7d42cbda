package dev.pagewalk.vectors;

/** Java exceptions, which are bugs of ours, in one line. */
final class Bugs {
  private static final int FRAMES = 4;

  private Bugs() {}

  /** The exception and where it was thrown. */
  static String text(RuntimeException bug) {
    StringBuilder text = new StringBuilder(bug.toString());
    StackTraceElement[] trace = bug.getStackTrace();
    for (int i = 0; i < Math.min(FRAMES, trace.length); i++) {
      text.append(i == 0 ? " at " : ", from ")
          .append(trace[i].getFileName())
          .append(':')
          .append(trace[i].getLineNumber());
    }
    return text.toString().replace('\n', ' ');
  }
}
