package dev.pagewalk.web;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.vectors.VectorCheck;
import java.util.List;

/** Vectors of format 1, judged one at a time. */
final class Vectors {
  private VectorCheck check;

  /**
   * Verdict and explanation.
   *
   * @throws Problem 400 if it is no vector
   */
  synchronized VectorCheck.Result judge(byte[] body) {
    try {
      if (check == null) {
        check = new VectorCheck(List.of(CpuModels.of("skylake")));
      }
      // A vector is one line; what people send may have more.
      byte[] line = body.clone();
      for (int i = 0; i < line.length; i++) {
        line[i] = line[i] == '\n' || line[i] == '\r' ? (byte) ' ' : line[i];
      }
      return check.judge(line);
    } catch (InputException e) {
      throw new Problem(400, "Not a vector of format 1", e.getMessage());
    }
  }
}
