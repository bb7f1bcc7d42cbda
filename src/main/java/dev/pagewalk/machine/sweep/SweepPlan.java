package dev.pagewalk.machine.sweep;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.trace.TraceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a sweep goes over; each combination is a {@link SweepCell}. A policy alone has no processor,
 * and so no more than one cell whatever {@code cpus} says.
 *
 * @param traces as {@link TraceFiles#open} takes them
 * @param machines names or files, or {@link #ALONE}
 * @param cpus models of processors; an empty one for the machine's own
 * @param policies as {@link Policies#create} takes them
 * @param frames numbers of pages resident at a time
 */
public record SweepPlan(
    List<String> traces,
    List<String> machines,
    List<String> cpus,
    List<String> policies,
    List<Integer> frames) {
  /** In place of a machine: a policy by itself, with frames and nothing else. */
  public static final String ALONE = "alone";

  private static final int ID_DIGITS = 16;
  private static final int HEAD_BYTES = 1 << 20;

  /** Takes out what is there twice. Throws IllegalArgumentException for an unknown policy. */
  public SweepPlan {
    traces = traces.stream().distinct().toList();
    machines = machines.stream().distinct().toList();
    cpus = cpus.stream().distinct().toList();
    policies = policies.stream().map(Policies::canonical).distinct().toList();
    frames = frames.stream().distinct().toList();
  }

  /** All cells, by number. */
  public List<SweepCell> cells() {
    List<SweepCell> cells = new ArrayList<>();
    for (String trace : traces) {
      for (String machine : machines) {
        for (String cpu : machine.equals(ALONE) ? List.of("") : cpus) {
          for (String policy : policies) {
            for (int count : frames) {
              cells.add(new SweepCell(cells.size(), trace, machine, cpu, policy, count));
            }
          }
        }
      }
    }
    return List.copyOf(cells);
  }

  /**
   * Sixteen hexadecimal digits that are the same for the same sweep, on any computer: they follow
   * from the grid, and of each file from its name, size and first mebibyte.
   *
   * @throws InputException if a file cannot be read
   */
  public String id() throws IOException {
    MessageDigest digest = sha256();
    add(digest, "traces");
    for (String trace : traces) {
      addInput(digest, trace, TraceFiles.isGenerator(trace));
    }
    add(digest, "machines");
    for (String machine : machines) {
      addInput(digest, machine, machine.equals(ALONE) || Machines.names().contains(machine));
    }
    add(digest, "cpus");
    for (String cpu : cpus) {
      addInput(digest, cpu, cpu.isEmpty() || CpuModels.names().contains(cpu));
    }
    add(digest, "policies " + String.join(" ", policies));
    add(digest, "frames " + frames);
    return HexFormat.of().formatHex(digest.digest()).substring(0, ID_DIGITS);
  }

  private static void addInput(MessageDigest digest, String name, boolean isKnown)
      throws IOException {
    if (name.equals(TraceFiles.STANDARD)) {
      throw new InputException("expected traces that can be read more than once; found -");
    }
    if (isKnown) {
      add(digest, name);
      return;
    }
    Path file = Path.of(name);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(HEAD_BYTES);
      add(digest, file.getFileName() + " " + Files.size(file));
      digest.update(head);
    } catch (IOException e) {
      throw InputException.of(name, e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
