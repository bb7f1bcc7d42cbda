package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.policy.PageView;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.MachineFile;
import dev.pagewalk.machine.Machines;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The machine of a scenario: {@code machine classroom frames=8 policy=fifo}.
 *
 * @param text as it was written, without the word machine
 * @param file what it comes to
 * @param folder that the names of files in it start from
 */
public record MachineLine(String text, MachineFile file, Path folder) {
  private static final int MOST_FRAMES = 4096;
  private static final Path HERE = Path.of("");
  private static final List<String> MEMORY = List.of("4M", "8M", "16M", "32M");

  /** What a policy sees that is made to see whether it can be. */
  private static final PageView NOBODY = new NoPages();

  /** No pages at all. */
  private static final class NoPages implements PageView {
    @Override
    public boolean testAndClearAccessed(int frame) {
      return false;
    }

    @Override
    public boolean isAccessed(int frame) {
      return false;
    }

    @Override
    public boolean isDirty(int frame) {
      return false;
    }

    @Override
    public boolean isAnonymous(int frame) {
      return true;
    }

    @Override
    public boolean writeBack(int frame) {
      return false;
    }

    @Override
    public long now() {
      return 0;
    }
  }

  /** The classroom as it stands. */
  public static MachineLine classroom() {
    try {
      return new MachineLine("classroom", load(), HERE);
    } catch (InputException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A ready-made machine, or the one that a file describes.
   *
   * @throws InputException if there is neither, or it cannot be made
   */
  public static MachineLine of(String nameOrFile) throws InputException {
    MachineFile file = Machines.load(nameOrFile);
    MachineLine line = new MachineLine(nameOrFile, file, Machines.folder(nameOrFile));
    line.make().close();
    return line;
  }

  private static MachineFile load() throws InputException {
    return Machines.load("classroom");
  }

  /** What is read of the line so far. */
  private static final class Draft {
    String cpu = "classroom";
    Long frames = 6L;
    String policy = "lru";
    String memory = "4M";
    MachineFile.HugePages huge = MachineFile.HugePages.NEVER;
    boolean zeroPage;
    boolean keys;
    boolean exact = true;
    boolean swap = true;
  }

  /** Reads what follows the word machine. */
  static MachineLine parse(Words words) throws ScenarioException {
    String name = words.word("classroom");
    if (!name.equals("classroom")) {
      throw words.wrong("classroom");
    }
    Draft draft = new Draft();
    while (words.hasNext()) {
      String option = words.word("an option");
      int equals = option.indexOf('=');
      if (equals < 0) {
        throw words.wrong("an option as frames=6");
      }
      set(draft, option.substring(0, equals), option.substring(equals + 1), words);
    }
    try {
      MachineFile file = change(load(), draft);
      if (Policies.needsFuture(draft.policy)) {
        throw words.wrong("a policy that does not need the future");
      }
      Policies.create(draft.policy, 1, NOBODY);
      return new MachineLine(words.text().substring("machine ".length()), file, HERE);
    } catch (InputException | IllegalArgumentException e) {
      throw words.wrong("a machine that can be made: " + e.getMessage());
    }
  }

  private static void set(Draft draft, String key, String value, Words words)
      throws ScenarioException {
    switch (key) {
      case "frames" -> draft.frames = value.equals("all") ? null : frames(value, words);
      case "policy" -> draft.policy = value;
      case "cpu" -> draft.cpu = oneOf(value, CpuModels.names(), words);
      case "memory" -> draft.memory = oneOf(value, MEMORY, words);
      case "huge" ->
          draft.huge =
              MachineFile.HugePages.valueOf(
                  oneOf(value, List.of("never", "madvise", "always"), words)
                      .toUpperCase(Locale.ROOT));
      case "zeropage" -> draft.zeroPage = isOn(value, words);
      case "keys" -> draft.keys = isOn(value, words);
      case "swap" -> draft.swap = isOn(value, words);
      case "accessed" ->
          draft.exact = oneOf(value, List.of("exact", "lazy"), words).equals("exact");
      default ->
          throw words.wrong(
              "frames=, policy=, cpu=, memory=, huge=, zeropage=, keys=, swap= or accessed=");
    }
  }

  private static long frames(String value, Words words) throws ScenarioException {
    int digits = value.length();
    boolean number = digits > 0 && digits <= 4 && value.chars().allMatch(Character::isDigit);
    long frames = number ? Long.parseLong(value) : 0;
    if (frames < 1 || frames > MOST_FRAMES) {
      throw words.wrong("frames=all or 1 to " + MOST_FRAMES);
    }
    return frames;
  }

  private static boolean isOn(String value, Words words) throws ScenarioException {
    return oneOf(value, List.of("on", "off"), words).equals("on");
  }

  private static String oneOf(String value, List<String> values, Words words)
      throws ScenarioException {
    if (!values.contains(value)) {
      throw words.wrong("one of " + String.join(", ", values));
    }
    return value;
  }

  private static MachineFile change(MachineFile file, Draft draft) {
    return new MachineFile(
        file.name(),
        file.description(),
        draft.memory.replace("M", " MiB"),
        1,
        null,
        null,
        file.placement(),
        draft.cpu,
        file.virtualPages(),
        draft.frames,
        draft.policy,
        file.scope(),
        draft.swap ? file.swap() : null,
        file.prefetch(),
        file.watermarks(),
        file.swappiness(),
        file.quantum(),
        file.costs(),
        new MachineFile.Options(draft.huge, draft.zeroPage, draft.exact, false, null, draft.keys));
  }

  /** The same with another limit of resident pages. */
  MachineLine withFrames(long frames) {
    MachineFile changed = new MachineBuilder(file, folder).frames(frames).changed();
    return new MachineLine(text, changed, folder);
  }

  /** A new machine. */
  Computer make() throws InputException {
    return Computer.of(new MachineBuilder(file, folder));
  }
}
