package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A subject in our own process, which answers in order, when it is waited for. */
final class InProcess implements Subject {
  private final Answerer answerer;
  private final Deque<WalkVector> asked = new ArrayDeque<>();
  private long answered;

  /** Who answers, one vector at a time. */
  interface Answerer extends AutoCloseable {
    /** How it introduces itself. */
    SubjectHello hello();

    /** Its answer to the question with that number. */
    SubjectAnswer answer(long number, WalkVector vector) throws Dialogue.Trouble;

    /** Begins anew. */
    void restart() throws InputException;

    @Override
    void close();
  }

  InProcess(Answerer answerer) {
    this.answerer = answerer;
  }

  @Override
  public SubjectHello hello() {
    return answerer.hello();
  }

  @Override
  public void restart() throws InputException {
    asked.clear();
    answerer.restart();
  }

  @Override
  public void ask(WalkVector vector) {
    asked.add(vector);
  }

  @Override
  public boolean hasNext() {
    return !asked.isEmpty();
  }

  @Override
  public SubjectAnswer answer() throws Dialogue.Trouble {
    return answerer.answer(answered++, asked.remove());
  }

  @Override
  public Panel.Placed answered(SubjectAnswer answer, Deque<Panel.Placed> underWay) {
    return underWay.remove();
  }

  @Override
  public void close() {
    answerer.close();
  }
}
