package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.FlushToken;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.Machine;

/** A machine that tells no core of an invalidation of one page. */
final class ForgetfulMachine extends Machine {
  ForgetfulMachine(Kernel kernel) {
    super(kernel);
  }

  @Override
  public void spend() {
    boolean onePage = true;
    for (FlushToken.Item item : kernel().owed().items()) {
      onePage &= item.end() - item.start() == 4096 && !item.tables();
    }
    if (onePage) {
      kernel().owed().spent();
    }
    super.spend();
  }
}
