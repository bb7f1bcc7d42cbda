package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Where a capture comes from: who answered, on what machine, and when. It stands beside the capture
 * in a file of its own, one key a line as {@code "key": "value"} in a JSON object.
 */
final class Provenance {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** How the machine underneath begins its name. */
  private static final String KVM = "kvm: ";

  /** Keys whose values may differ between captures that are parts of one. */
  private static final List<String> OF_A_RUN = List.of("date");

  private final SequencedMap<String, String> values;

  private Provenance(SequencedMap<String, String> values) {
    this.values = values;
  }

  /** Of what {@code hello}'s subject answers now, here, to this {@code tool}. */
  static Provenance here(SubjectHello hello, String tool) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    values.put("subject", hello.name());
    values.put("subject_version", hello.version());
    values.put("backend", backend(hello.name()));
    values.put("cpu_model", ofCpu("model name"));
    values.put("cpu_family_model_stepping", signature());
    values.put("microcode", ofCpu("microcode"));
    values.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    values.put("tool", "pagewalk " + tool);
    values.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return new Provenance(values);
  }

  /** What answers behind the subject, as far as it is known here. */
  private static String backend(String subject) {
    return subject.startsWith(KVM) ? subject.substring(KVM.length()) : "the subject's own";
  }

  private static String signature() {
    return ofCpu("cpu family") + "/" + ofCpu("model") + "/" + ofCpu("stepping");
  }

  private static String ofCpu(String key) {
    try {
      for (String line : Files.readAllLines(CPUINFO)) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
          return line.substring(colon + 1).strip();
        }
      }
    } catch (IOException e) {
      return "unknown";
    }
    return "unknown";
  }

  /** Where a capture's provenance is written. */
  static Path beside(Path capture) {
    String name = capture.getFileName().toString();
    int end = name.indexOf(".jsonl");
    return capture.resolveSibling((end < 0 ? name : name.substring(0, end)) + ".provenance.json");
  }

  /** Reads one. */
  static Provenance read(Path path) throws InputException {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    try (LineReader lines = new LineReader(path)) {
      if (!lines.next()) {
        throw new InputException(path.toString(), "", "expected a JSON object in one line");
      }
      try (Cursor in = lines.cursor()) {
        in.openObject();
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
          values.put(key, in.string());
        }
        in.end();
      }
    }
    return new Provenance(values);
  }

  /** The first key in which {@code other} is no part of the same capture; empty if it is one. */
  String differsFrom(Provenance other) {
    for (Map.Entry<String, String> value : values.entrySet()) {
      boolean same = value.getValue().equals(other.values.get(value.getKey()));
      if (!same && !OF_A_RUN.contains(value.getKey())) {
        return value.getKey();
      }
    }
    return "";
  }

  /** Who answered, as a vector's source. */
  String source() {
    return values.get("subject") + " " + values.get("subject_version");
  }

  /** As one line. */
  String text() {
    List<String> members = new ArrayList<>();
    values.forEach((key, value) -> members.add(quote(key) + ":" + quote(value)));
    return "{" + String.join(",", members) + "}\n";
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
