package dev.pagewalk.machine.classroom;

/** A line of a scenario that cannot be understood, or that the machine cannot do. */
public final class ScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  /**
   * A mistake at a place.
   *
   * @param line from 1
   * @param column from 1
   */
  ScenarioException(int line, int column, String expected) {
    super(expected);
    this.line = line;
    this.column = column;
  }

  /** A statement that is well said but cannot be done now. */
  ScenarioException(String reason) {
    this(0, 0, reason);
  }

  /** Line and column, if there are any, and what was expected. */
  public String text() {
    return line == 0
        ? getMessage()
        : "line %d, column %d: %s".formatted(line, column, getMessage());
  }

  /** The line, from 1; 0 if the mistake is not one of the text. */
  public int line() {
    return line;
  }

  /** The column, from 1; 0 if the mistake is not one of the text. */
  public int column() {
    return column;
  }

  /** The same mistake in another line. */
  ScenarioException inLine(int number) {
    return new ScenarioException(number, Math.max(1, column), getMessage());
  }
}
