package dev.pagewalk.machine;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** The built-in models of processors, and those in users' files. */
public final class CpuModels {
  private static final List<String> NAMES =
      List.of("classroom", "limit", "skylake", "ice-lake", "golden-cove", "zen1", "zen2", "zen4");

  private CpuModels() {}

  /** The built-in models, the made-up ones first. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The built-in model {@code name}.
   *
   * @throws InputException if there is none of that name
   */
  public static CpuModel of(String name) throws InputException {
    return file(name).model();
  }

  /**
   * The model in a user's file.
   *
   * @throws InputException if it cannot be read or is no model of a processor
   */
  public static CpuModel read(Path path) throws InputException {
    return CpuModelFile.read(path).model();
  }

  /**
   * The file of the built-in model {@code name}, with the sources of its figures.
   *
   * @throws InputException if there is none of that name
   */
  public static CpuModelFile file(String name) throws InputException {
    if (!NAMES.contains(name)) {
      throw new InputException(
          "expected a model of a processor, one of "
              + String.join(", ", NAMES)
              + "; found \""
              + name
              + '"');
    }
    String file = "cpu/" + name + ".json";
    try (InputStream in = CpuModels.class.getResourceAsStream(file)) {
      return CpuModelFile.read(file, in);
    } catch (IOException e) {
      throw InputException.of(file, e);
    }
  }
}
