package dev.pagewalk.machine;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The built-in cost models, and those in users' files. */
public final class CostModels {
  private static final List<String> NAMES = List.of("classroom", "desktop", "server");

  private CostModels() {}

  /** The built-in models. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * A built-in model, or the one in a user's file.
   *
   * @param name of a built-in model, or a path
   * @param folder that a relative path starts from
   * @throws InputException if there is neither, or the file is no cost model
   */
  public static CostFile load(String name, Path folder) throws InputException {
    if (NAMES.contains(name)) {
      String file = "costs/" + name + ".json";
      try (InputStream in = CostModels.class.getResourceAsStream(file)) {
        return CostFile.read(file, in);
      } catch (IOException e) {
        throw InputException.of(file, e);
      }
    }
    Path file = folder.resolve(name);
    if (name.isEmpty() || !Files.exists(file)) {
      throw new InputException(
          "expected a cost model, one of "
              + String.join(", ", NAMES)
              + " or a file; found \""
              + name
              + '"');
    }
    return CostFile.read(file);
  }
}
