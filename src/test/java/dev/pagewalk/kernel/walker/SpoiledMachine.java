package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.Mistake;
import dev.pagewalk.machine.Machine;

/** A machine whose kernel makes a mistake now and then. */
final class SpoiledMachine extends Machine {
  private static final int EVERY = 300;

  private final Mistake mistake;
  private int operations;

  SpoiledMachine(Kernel kernel, Mistake mistake) {
    super(kernel);
    this.mistake = mistake;
  }

  @Override
  public void spend() {
    super.spend();
    if (++operations > EVERY && mistake.plant(kernel())) {
      operations = 0;
    }
  }
}
