package dev.pagewalk.machine;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The ready-made machines, and those in users' files. */
public final class Machines {
  private static final List<String> NAMES = List.of("classroom", "laptop", "server");

  private Machines() {}

  /** The ready-made machines. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * A ready-made machine, or the one in a user's file.
   *
   * @param nameOrFile of a ready-made machine, or a path
   * @throws InputException if there is neither, or the file describes no machine
   */
  public static MachineFile load(String nameOrFile) throws InputException {
    if (NAMES.contains(nameOrFile)) {
      String file = "machines/" + nameOrFile + ".json";
      try (InputStream in = Machines.class.getResourceAsStream(file)) {
        return MachineFile.read(file, in);
      } catch (IOException e) {
        throw InputException.of(file, e);
      }
    }
    if (nameOrFile.isEmpty() || !Files.exists(Path.of(nameOrFile))) {
      throw new InputException(
          "expected a machine, one of "
              + String.join(", ", NAMES)
              + " or a file; found \""
              + nameOrFile
              + '"');
    }
    return MachineFile.read(Path.of(nameOrFile));
  }

  /** The folder that the file names in a machine's file start from. */
  public static Path folder(String nameOrFile) {
    Path parent = NAMES.contains(nameOrFile) ? null : Path.of(nameOrFile).getParent();
    return parent == null ? Path.of("") : parent;
  }
}
