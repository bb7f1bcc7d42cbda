package dev.pagewalk.trace;

import dev.pagewalk.arch.InputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is there, whole, when its writer has finished, and not before: written under another
 * name beside its own, then renamed. What is not a regular file (a device, a pipe) is written in
 * place.
 */
public final class AtomicOutput {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path target;

  /** The other name; null if the file is written in place. */
  private final Path temporary;

  private final OutputStream stream;

  /**
   * Begins the file {@code name}.
   *
   * @throws InputException if the system does not let us
   */
  public AtomicOutput(String name) throws IOException {
    try {
      Path path = Path.of(name);
      boolean exists = Files.exists(path);
      if (Files.isDirectory(path)) {
        throw new InputException(name, "", "expected a file to write; found a directory");
      }
      target = exists ? path.toRealPath() : path.toAbsolutePath();
      boolean inPlace = exists && !Files.isRegularFile(target);
      temporary = inPlace ? null : temporaryFor(target);
      stream =
          new BufferedOutputStream(
              inPlace
                  ? Files.newOutputStream(target)
                  : Files.newOutputStream(
                      temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              BUFFER_BYTES);
    } catch (IOException e) {
      throw refusal(name, e);
    }
    if (temporary != null) {
      // Also when the JVM is told to end.
      temporary.toFile().deleteOnExit();
    }
  }

  /** Where the file's bytes go. */
  public OutputStream stream() {
    return stream;
  }

  /** Puts the file, whose stream is closed, in its place. */
  public void commit() throws IOException {
    if (temporary != null) {
      try {
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw refusal(target.toString(), e);
      }
    }
  }

  /** Removes what has been written. */
  public void discard() throws IOException {
    stream.close();
    if (temporary != null) {
      Files.deleteIfExists(temporary);
    }
  }

  private static Path temporaryFor(Path target) {
    String unique = Long.toUnsignedString(System.nanoTime() ^ ProcessHandle.current().pid(), 36);
    return target.resolveSibling("." + target.getFileName() + "." + unique + ".part");
  }

  private static InputException refusal(String name, IOException e) {
    if (e instanceof InputException input) {
      return input;
    }
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return switch (e) {
      case NoSuchFileException _ -> new InputException(name, "", "expected its folder to be there");
      case AccessDeniedException _ -> new InputException(name, "", "may not be written");
      default -> new InputException(name, "", "cannot be written: " + reason);
    };
  }
}
