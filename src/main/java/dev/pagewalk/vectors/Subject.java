package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.Deque;

/** Somebody who answers vectors: questions to it and its answers, in whatever order they come. */
interface Subject extends AutoCloseable {
  /** The name by which the machine underneath is asked, in place of a program. */
  String KVM = "kvm";

  /** Opens the one that {@code options} name. */
  static Subject open(SubjectVerification.Options options) throws InputException {
    return options.command().equals(KVM)
        ? new InProcess(new KvmSubject(options.version()))
        : new Dialogue(options);
  }

  /** How it introduced itself. */
  SubjectHello hello();

  /** Begins anew; what was asked is forgotten. */
  void restart() throws InputException;

  /** Asks {@code vector}. */
  void ask(WalkVector vector);

  /** Whether an answer is here already. */
  boolean hasNext();

  /** Waits for the next answer. */
  SubjectAnswer answer() throws Dialogue.Trouble;

  /** Takes the vector that {@code answer} is to out of those under way, which are in order. */
  Panel.Placed answered(SubjectAnswer answer, Deque<Panel.Placed> underWay);

  @Override
  void close();
}
