package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The description of a captured machine that lies beside an image of its memory.
 *
 * <p>A JSON object. Read are {@code registers} (CR0, CR3, CR4, EFER as hexadecimal strings), {@code
 * pkru} and {@code pkrs}, {@code roots} (name and CR3 of other address spaces), {@code
 * address_sizes} and {@code cpu_flags} as the lines of Linux's {@code /proc/cpuinfo}. Other keys
 * are for people. Without {@code address_sizes} (or if it is blank) MAXPHYADDR is 52, without
 * {@code cpu_flags} the processor has every feature.
 *
 * @param registers as they were when the machine was stopped
 * @param cpu the machine's processor, under the choices of the preset {@code sdm}
 * @param roots CR3 values by name, in the file's order; may be empty
 */
public record RegistersFile(Registers registers, Cpu cpu, Map<String, Long> roots) {
  private static final Map<String, Feature> CPUINFO =
      Map.ofEntries(
          Map.entry("nx", Feature.NX),
          Map.entry("pdpe1gb", Feature.PAGE1GB),
          Map.entry("pge", Feature.PGE),
          Map.entry("pcid", Feature.PCID),
          Map.entry("invpcid", Feature.INVPCID),
          Map.entry("smep", Feature.SMEP),
          Map.entry("smap", Feature.SMAP),
          Map.entry("pku", Feature.PKU),
          Map.entry("pks", Feature.PKS),
          Map.entry("la57", Feature.LA57),
          Map.entry("lam", Feature.LAM),
          Map.entry("ibt", Feature.CET),
          Map.entry("user_shstk", Feature.CET_SS),
          Map.entry("shstk", Feature.CET_SS));

  private static final Set<String> REGISTERS = Set.of("CR0", "CR3", "CR4", "EFER");

  private static final int MOST_BYTES = 1 << 24;
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads {@code path}.
   *
   * @throws InputException if it cannot be read or is not as described above
   */
  public static RegistersFile read(Path path) throws InputException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw InputException.of(path.toString(), e);
    }
    if (bytes.length > MOST_BYTES) {
      throw new InputException(
          path.toString(), "", "expected a file of at most 16 MiB, found a larger one");
    }
    try (JsonParser in = STRICT.createParser(ObjectReadContext.empty(), bytes)) {
      return new Reader(path.toString(), in).read();
    } catch (JacksonException e) {
      String place =
          e.getLocation() == null
              ? ""
              : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      throw new InputException(path.toString(), place, "expected JSON: " + Cursor.reason(e));
    }
  }

  private static final class Reader {
    private final String file;
    private final JsonParser in;
    private final Map<String, Long> values = new LinkedHashMap<>();
    private final Map<String, Long> roots = new LinkedHashMap<>();
    private int maxPhyAddr = Cpu.MAX_MAXPHYADDR;
    private EnumSet<Feature> features = EnumSet.allOf(Feature.class);

    Reader(String file, JsonParser in) {
      this.file = file;
      this.in = in;
    }

    RegistersFile read() throws InputException {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw expected("", "expected a JSON object");
      }
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = in.currentName();
        in.nextToken();
        switch (key) {
          case "registers" -> readRegisters();
          case "roots" -> readRoots();
          case "pkru", "pkrs" -> values.put(key, isNull() ? 0 : number32(key));
          case "address_sizes" -> readAddressSizes(text(key));
          case "cpu_flags" -> readFeatures(text(key));
          default -> in.skipChildren();
        }
      }
      if (in.nextToken() != null) {
        throw expected("", "expected one JSON object, found more behind it");
      }
      Registers registers =
          new Registers(
              required("CR0"),
              required("CR3"),
              required("CR4"),
              required("EFER"),
              values.getOrDefault("pkru", 0L).intValue(),
              values.getOrDefault("pkrs", 0L).intValue());
      Cpu cpu = new Cpu(maxPhyAddr, features, ModelPresets.SDM);
      return new RegistersFile(registers, cpu, roots);
    }

    private void readRegisters() throws InputException {
      openObject("registers");
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        in.nextToken();
        if (REGISTERS.contains(name)) {
          values.put(name, number("registers." + name));
        } else {
          in.skipChildren();
        }
      }
    }

    private void readRoots() throws InputException {
      openObject("roots");
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        in.nextToken();
        roots.put(name, number("roots." + name));
      }
    }

    private void openObject(String key) throws InputException {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw expected(key, "expected an object");
      }
    }

    private boolean isNull() {
      return in.currentToken() == JsonToken.VALUE_NULL;
    }

    /** A hexadecimal string; leading zeros are welcome, as monitors print them. */
    private long number(String key) throws InputException {
      String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : "";
      try {
        if (text.startsWith("0x") && !text.startsWith("0x+")) {
          return Long.parseUnsignedLong(text, 2, text.length(), 16);
        }
      } catch (NumberFormatException e) {
        // Told below, with the key.
      }
      throw expected(key, "expected a string of 0x and hexadecimal digits, found " + found());
    }

    private long number32(String key) throws InputException {
      long value = number(key);
      if (value >>> 32 != 0) {
        throw expected(key, "expected 32 bits, found " + found());
      }
      return value;
    }

    /** The string here, or the strings of the array here joined by spaces; blank if null. */
    private String text(String key) throws InputException {
      if (isNull()) {
        return "";
      }
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        return in.getString();
      }
      StringBuilder text = new StringBuilder();
      if (in.currentToken() == JsonToken.START_ARRAY) {
        while (in.nextToken() == JsonToken.VALUE_STRING) {
          text.append(in.getString()).append(' ');
        }
      }
      if (in.currentToken() != JsonToken.END_ARRAY) {
        throw expected(key, "expected a string or an array of strings, found " + found());
      }
      return text.toString().strip();
    }

    private void readAddressSizes(String text) throws InputException {
      if (text.isBlank()) {
        return;
      }
      String[] words = text.trim().split("\\s+", -1);
      boolean found = false;
      for (int i = 0; i + 2 < words.length; i++) {
        if (words[i + 1].equals("bits") && words[i + 2].startsWith("physical")) {
          found = true;
          try {
            maxPhyAddr = Integer.parseInt(words[i]);
          } catch (NumberFormatException e) {
            maxPhyAddr = 0;
          }
        }
      }
      if (!found) {
        maxPhyAddr = 0;
      }
      if (maxPhyAddr < Cpu.MIN_MAXPHYADDR || maxPhyAddr > Cpu.MAX_MAXPHYADDR) {
        throw expected("address_sizes", "expected \"36 to 52 bits physical\", found " + text);
      }
    }

    private void readFeatures(String text) {
      if (text.isBlank()) {
        return;
      }
      features = EnumSet.noneOf(Feature.class);
      for (String word : text.trim().split("\\s+", -1)) {
        Feature feature = CPUINFO.get(word);
        if (feature != null) {
          features.add(feature);
        }
      }
    }

    private long required(String register) throws InputException {
      Long value = values.get(register);
      if (value == null) {
        throw expected("registers", "expected the register " + register);
      }
      return value;
    }

    private String found() {
      return in.currentToken() == null ? "the end of the file" : in.getString();
    }

    private InputException expected(String key, String what) {
      String place = "line " + in.currentTokenLocation().getLineNr();
      return new InputException(file, key.isEmpty() ? place : place + ": " + key, what);
    }
  }
}
