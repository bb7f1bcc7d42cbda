package dev.pagewalk.web;

import java.io.IOException;
import java.io.InputStream;

/** Files of this package in the jar. */
final class Resources {
  private Resources() {}

  /** All of a file that is there. */
  static byte[] bytes(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no such file in the jar: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
