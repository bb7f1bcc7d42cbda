package dev.pagewalk.arch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Bad input, told in one line: which file, where in it, and what was expected there.
 *
 * <p>It is the reader's mistake or the file's, never a guest's fault (a value, see {@link Outcome})
 * and never a bug of ours.
 */
public final class InputException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Bad input at a place in a file.
   *
   * @param file the file's name as the user gave it
   * @param place a line or an offset, {@code line 7} or {@code offset 0x40}; may be empty
   * @param expected what was expected there, and what was found
   */
  public InputException(String file, String place, String expected) {
    super(place.isEmpty() ? file + ": " + expected : file + ": " + place + ": " + expected);
  }

  /** A file that the system does not let us read, in words; an InputException stays as it is. */
  public static InputException of(String file, IOException e) {
    return switch (e) {
      case InputException input -> input;
      case NoSuchFileException _ -> new InputException(file, "", "no such file");
      case AccessDeniedException _ -> new InputException(file, "", "may not be read");
      case FileSystemException f when f.getReason() != null ->
          new InputException(file, "", "cannot be read: " + f.getReason());
      default -> new InputException(file, "", "cannot be read: " + e.getMessage());
    };
  }

  /** Bad input that is no file's: an argument of the command line. */
  public InputException(String message) {
    super(message);
  }
}
