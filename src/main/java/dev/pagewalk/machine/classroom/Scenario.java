package dev.pagewalk.machine.classroom;

import java.util.ArrayList;
import java.util.List;

/**
 * A scenario's text, read.
 *
 * @param title one line
 * @param watch what to watch, a sentence
 * @param surprise what should surprise, a sentence
 * @param machine what it runs on
 * @param steps the statements in their order
 * @param places where each statement stands
 * @param setup how many of them are done when the scenario is opened; the others wait for the
 *     reader
 */
public record Scenario(
    String title,
    String watch,
    String surprise,
    MachineLine machine,
    List<Step> steps,
    List<Place> places,
    int setup) {
  /** Statements of a scenario, at most. */
  public static final int MOST_STEPS = 5000;

  /**
   * A statement.
   *
   * @param text as it was written, without comment
   * @param statement what it says
   */
  public record Step(String text, Statement statement) {
    /**
     * Reads one line, which says something.
     *
     * @param number of the line, for mistakes
     * @throws ScenarioException with line and column
     */
    public static Step parse(String line, int number) throws ScenarioException {
      Words words = new Words(line, number);
      return new Step(words.text(), StatementParser.parse(words));
    }
  }

  /**
   * Where a statement stands, and of an expectation, what is expected.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Place(int line, int column) {}

  /** The lists are copied. */
  public Scenario {
    steps = List.copyOf(steps);
    places = List.copyOf(places);
  }

  /** An empty machine. */
  public static Scenario empty(MachineLine machine) {
    return new Scenario("", "", "", machine, List.of(), List.of(), 0);
  }

  /**
   * Reads a text.
   *
   * <p>Lines are {@code title TEXT}, {@code watch TEXT}, {@code surprise TEXT}, then {@code machine
   * ...}, then statements; {@code begin} divides what is done at once from what waits for the
   * reader. A {@code #} begins a comment.
   *
   * @throws ScenarioException with line and column
   */
  public static Scenario parse(String text) throws ScenarioException {
    String[] about = {"", "", ""};
    MachineLine machine = null;
    List<Step> steps = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    int setup = -1;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (takeAbout(line, about)) {
        continue;
      }
      Words words = new Words(line, number);
      if (words.isEmpty()) {
        continue;
      }
      if (words.takes("machine")) {
        if (machine != null || !steps.isEmpty()) {
          throw words.wrong("the machine before all statements, and once");
        }
        machine = MachineLine.parse(words);
      } else if (words.takes("begin")) {
        words.end();
        setup = steps.size();
      } else if (steps.size() == MOST_STEPS) {
        throw new ScenarioException(number, 1, "expected at most " + MOST_STEPS + " statements");
      } else {
        Statement statement = StatementParser.parse(words);
        steps.add(new Step(words.text(), statement));
        places.add(new Place(number, words.column(statement instanceof Statement.Expect ? 1 : 0)));
      }
    }
    return new Scenario(
        about[0],
        about[1],
        about[2],
        machine == null ? MachineLine.classroom() : machine,
        steps,
        places,
        setup < 0 ? steps.size() : setup);
  }

  /** A text that means this scenario. */
  public String text() {
    StringBuilder text = new StringBuilder(head());
    for (int i = 0; i < steps.size(); i++) {
      text.append(i == setup ? "begin\n" : "").append(steps.get(i).text()).append('\n');
    }
    return text.toString();
  }

  /** The lines above its statements. */
  String head() {
    StringBuilder text = new StringBuilder();
    line(text, "title", title);
    line(text, "watch", watch);
    line(text, "surprise", surprise);
    return text.append("machine ").append(machine.text()).append('\n').toString();
  }

  private static void line(StringBuilder text, String word, String rest) {
    if (!rest.isEmpty()) {
      text.append(word).append(' ').append(rest).append('\n');
    }
  }

  private static boolean takeAbout(String line, String[] about) {
    String[] words = {"title ", "watch ", "surprise "};
    for (int i = 0; i < words.length; i++) {
      if (line.startsWith(words[i])) {
        about[i] = line.substring(words[i].length()).strip();
        return true;
      }
    }
    return false;
  }
}
