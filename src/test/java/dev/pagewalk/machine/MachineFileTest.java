package dev.pagewalk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Machines and cost models as files: what is sound is read, what is not gives one line. */
class MachineFileTest {
  private static final Path RESOURCES =
      Path.of("src", "main", "resources", "dev", "pagewalk", "machine");

  @TempDir private Path folder;

  static List<String> machineNames() {
    return Machines.names();
  }

  static List<String> costNames() {
    return CostModels.names();
  }

  static List<Arguments> brokenCosts() {
    return BrokenMachines.costs(text("costs", "desktop.json"));
  }

  @ParameterizedTest
  @MethodSource("machineNames")
  void readyMadeMachinesFitTheSchemaAndRun(String name) throws Exception {
    assertEquals(
        List.of(),
        schema("machines", "machine").validate(text("machines", name + ".json"), InputFormat.JSON));
    MachineBuilder builder = new MachineBuilder(Machines.load(name), Machines.folder(name));
    try (Computer computer = Computer.of(builder)) {
      assertEquals(name, computer.file().name());
      assertEquals(computer.file().cores(), computer.machine().cores().size());
    }
  }

  @ParameterizedTest
  @MethodSource("costNames")
  void readyMadeCostsFitTheSchema(String name) throws Exception {
    assertEquals(
        List.of(),
        schema("costs", "costs").validate(text("costs", name + ".json"), InputFormat.JSON));
    assertEquals(name, CostModels.load(name, Path.of("")).model().name());
  }

  @Test
  void everyKeyIsRead() throws Exception {
    assertEquals(
        List.of(),
        schema("machines", "machine").validate(BrokenMachines.MACHINE, InputFormat.JSON));
    Path file = Files.writeString(folder.resolve("mine.json"), BrokenMachines.MACHINE);
    MachineFile machine = Machines.load(file.toString());
    assertEquals(3, machine.cores());
    assertEquals(96L << 20, machine.memoryBytes());
    assertEquals(8L << 20, machine.swapBytes());
    assertEquals(77, machine.kernel().tick());
    assertEquals(MachineFile.Scope.PROCESS, machine.scope());
    try (Computer computer = Computer.of(new MachineBuilder(machine, folder))) {
      assertEquals("zen2", computer.cpu());
      assertEquals(1, computer.machine().cores().get(2).node());
      assertTrue(computer.machine().kernel().options().isolation());
      assertEquals(100, computer.machine().kernel().rootGroup().max());
    }
  }

  @Test
  void filesInAFileAreFoundBesideIt() throws Exception {
    Files.writeString(folder.resolve("my-costs.json"), text("costs", "classroom.json"));
    Files.writeString(folder.resolve("my-cpu.json"), BrokenModels.SOUND);
    String text =
        BrokenMachines.MACHINE
            .replace("\"server\"", "\"my-costs.json\"")
            .replace("\"zen2\"", "\"my-cpu.json\"");
    Path file = Files.writeString(folder.resolve("mine.json"), text);
    MachineBuilder builder =
        new MachineBuilder(Machines.load(file.toString()), Machines.folder(file.toString()));
    try (Computer computer = Computer.of(builder)) {
      assertEquals("classroom", computer.costs().name());
      assertEquals("mine", computer.cpu());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.BrokenMachines#machines")
  void whatIsOutOfFormatBothRefuse(String text, String says) throws Exception {
    assertFalse(schema("machines", "machine").validate(text, InputFormat.JSON).isEmpty(), says);
    assertRefused(text, says);
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.BrokenMachines#beyondTheSchema")
  void whatIsOutOfRulesTheReaderRefuses(String text, String says) throws Exception {
    assertRefused(text, says);
  }

  @ParameterizedTest
  @MethodSource("brokenCosts")
  void costsOutOfFormatBothRefuse(String text, String says) throws Exception {
    assertFalse(schema("costs", "costs").validate(text, InputFormat.JSON).isEmpty(), says);
    Path file = Files.writeString(folder.resolve("mine.json"), text);
    assertOneLine(
        file, says, assertThrows(InputException.class, () -> CostFile.read(file)).getMessage());
  }

  @Test
  void namesThatNobodyKnowsAreTold() {
    assertTrue(
        assertThrows(InputException.class, () -> Machines.load("moon"))
            .getMessage()
            .contains("one of classroom, laptop, server or a file; found \"moon\""));
    assertTrue(
        assertThrows(InputException.class, () -> CostModels.load("free", Path.of("")))
            .getMessage()
            .contains("one of classroom, desktop, server or a file; found \"free\""));
  }

  private void assertRefused(String text, String says) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), text);
    assertOneLine(
        file,
        says,
        assertThrows(InputException.class, () -> Machines.load(file.toString())).getMessage());
  }

  private static void assertOneLine(Path file, String says, String line) {
    assertTrue(line.contains(says), line);
    assertTrue(line.startsWith(file + ": "), line);
    assertFalse(line.contains("\n") || line.contains("dev.pagewalk"), line);
  }

  private static Schema schema(String kind, String name) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(text(kind, name + ".schema.json"), InputFormat.JSON);
  }

  private static String text(String kind, String file) {
    try {
      return Files.readString(RESOURCES.resolve(kind).resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
