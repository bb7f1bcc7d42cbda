package dev.pagewalk.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output that gives up when nobody reads it.
 *
 * <p>A {@link java.io.PrintStream} swallows an {@link IOException} and the command would go on
 * computing for nobody; the unchecked {@link OutputLostException} ends it.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream out;
  private boolean lost;

  StandardOutput(OutputStream out, int bufferBytes) {
    this.out = new BufferedOutputStream(out, bufferBytes);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (lost) {
      return;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw lose(e);
    }
  }

  @Override
  public void flush() {
    if (lost) {
      return;
    }
    try {
      out.flush();
    } catch (IOException e) {
      throw lose(e);
    }
  }

  private OutputLostException lose(IOException e) {
    lost = true;
    return new OutputLostException(e);
  }
}
