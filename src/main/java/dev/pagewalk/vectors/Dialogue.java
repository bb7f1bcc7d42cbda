package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Questions to a program and its answers, in whatever order they come. */
final class Dialogue implements Subject {
  /** Questions are handed over when there are so many bytes of them, or somebody waits. */
  private static final int CHUNK = 1 << 14;

  private final SubjectVerification.Options options;
  private final VectorText text = new VectorText();
  private final Map<Long, WalkVector> open = new HashMap<>();
  private final Deque<Long> order = new ArrayDeque<>();
  private SubjectProcess process;
  private SubjectHello hello;
  private long asked;
  private long line;

  /** The program has ended, hangs, or has written what it should not. */
  static final class Trouble extends Exception {
    @Serial private static final long serialVersionUID = 1;

    Trouble(String message) {
      super(message, null, false, false);
    }
  }

  /** Starts the program; an {@link InputException} if it does not begin as it should. */
  Dialogue(SubjectVerification.Options options) throws InputException {
    this.options = options;
    start();
  }

  @Override
  public SubjectHello hello() {
    return hello;
  }

  @Override
  public void restart() throws InputException {
    process.close();
    open.clear();
    order.clear();
    text.take();
    start();
  }

  private void start() throws InputException {
    line = 0;
    try {
      process = new SubjectProcess(options.command());
    } catch (IOException e) {
      throw bad("cannot be started: " + e.getMessage());
    }
    text.greeting(options.version());
    process.send(text.take());
    SubjectProcess.Found found = process.next(options.limit());
    if (found != SubjectProcess.Found.LINE) {
      String how = trouble(found);
      process.close();
      throw bad("expected its introduction; it " + how);
    }
    try (Cursor in = process.cursor(++line)) {
      hello = SubjectHello.parse(in);
    } catch (InputException e) {
      process.close();
      throw bad("expected its introduction; " + e.getMessage());
    }
  }

  private InputException bad(String what) {
    return new InputException("subject '" + options.command() + "'", "", what);
  }

  @Override
  public void ask(WalkVector vector) {
    long number = asked++;
    open.put(number, vector);
    order.add(number);
    text.question(number, vector, hello.features());
    if (text.size() >= CHUNK) {
      process.send(text.take());
    }
  }

  @Override
  public boolean hasNext() {
    return process.hasNext();
  }

  @Override
  public SubjectAnswer answer() throws Trouble {
    if (text.size() > 0 && !process.hasNext()) {
      process.send(text.take());
    }
    SubjectProcess.Found found = process.next(options.limit());
    if (found != SubjectProcess.Found.LINE) {
      throw new Trouble("the subject " + trouble(found));
    }
    try (Cursor in = process.cursor(++line)) {
      return SubjectAnswer.parse(in, open::get);
    } catch (InputException e) {
      throw new Trouble("the subject wrote what is no answer: " + e.getMessage());
    }
  }

  private String trouble(SubjectProcess.Found found) {
    Duration limit = options.limit();
    return switch (found) {
      case NOTHING -> "said nothing for " + limit.toMillis() / 1000.0 + " s";
      case TOO_LONG -> "wrote a line of more than " + SubjectProcess.LONGEST_LINE + " bytes";
      default -> process.epitaph();
    };
  }

  @Override
  public Panel.Placed answered(SubjectAnswer answer, Deque<Panel.Placed> underWay) {
    open.remove(answer.number());
    Iterator<Panel.Placed> placed = underWay.iterator();
    Iterator<Long> numbers = order.iterator();
    while (true) {
      Panel.Placed next = placed.next();
      if (numbers.next() == answer.number()) {
        placed.remove();
        numbers.remove();
        return next;
      }
    }
  }

  @Override
  public void close() {
    process.finish();
    process.waitFor(Duration.ofSeconds(2));
    process.close();
  }
}
