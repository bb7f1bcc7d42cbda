package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import java.io.IOException;
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
import tools.jackson.core.json.JsonFactory;

/**
 * The description of a captured machine that lies beside an image of its memory.
 *
 * <p>A JSON object. Read are {@code registers} (CR0, CR3, CR4, EFER as hexadecimal strings), {@code
 * pkru} and {@code pkrs}, {@code roots} (name and CR3 of other address spaces), {@code
 * address_sizes} and {@code cpu_flags} as the lines of Linux's {@code /proc/cpuinfo}. Other keys
 * are for people. Without {@code address_sizes} MAXPHYADDR is 52, without {@code cpu_flags} the
 * processor has every feature.
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

  /** Reads {@code path}. */
  public static RegistersFile read(Path path) throws InputException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw LineReader.refused(path.toString(), "", e);
    }
    try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), bytes)) {
      return new Reader(path.toString(), in).read();
    } catch (JacksonException e) {
      String place =
          "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      throw new InputException(
          path.toString(),
          place,
          "expected JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
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
          case "pkru", "pkrs" -> values.put(key, isNull() ? 0 : number(key));
          case "address_sizes" -> readAddressSizes(text());
          case "cpu_flags" -> readFeatures(text());
          default -> in.skipChildren();
        }
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
        if (text.startsWith("0x")) {
          return Long.parseUnsignedLong(text, 2, text.length(), 16);
        }
      } catch (NumberFormatException e) {
        // Told below, with the key.
      }
      throw expected(key, "expected a string of 0x and hexadecimal digits, found " + found());
    }

    /** The string here, or the strings of the array here joined by spaces. */
    private String text() {
      if (in.currentToken() != JsonToken.START_ARRAY) {
        return in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : "";
      }
      StringBuilder text = new StringBuilder();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        text.append(in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : "").append(' ');
      }
      return text.toString();
    }

    private void readAddressSizes(String text) throws InputException {
      String[] words = text.trim().split("\\s+", -1);
      for (int i = 0; i + 2 < words.length; i++) {
        if (words[i + 1].equals("bits") && words[i + 2].startsWith("physical")) {
          try {
            maxPhyAddr = Integer.parseInt(words[i]);
          } catch (NumberFormatException e) {
            maxPhyAddr = 0;
          }
        }
      }
      if (maxPhyAddr < Cpu.MIN_MAXPHYADDR || maxPhyAddr > Cpu.MAX_MAXPHYADDR) {
        throw expected("address_sizes", "expected \"36 to 52 bits physical\", found " + text);
      }
    }

    private void readFeatures(String text) {
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
