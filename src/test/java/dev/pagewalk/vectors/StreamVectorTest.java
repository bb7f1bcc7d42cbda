package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.mmu.streams.PlantedFailure;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vector that a failing stream prints is one of format 1, and who makes no mistake passes. */
class StreamVectorTest {
  @Test
  void theVectorOfAFailingStreamParsesFitsTheSchemaAndIsRight() throws Exception {
    Schema schema = SchemaTest.schema();
    List<String> vectors = PlantedFailure.vectors();
    assertEquals(6, vectors.size());
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      // What the vectors permit may rest on fewer paging-structure caches than a model has.
      Engine mmu = new MmuEngine(CpuModels.of("limit"), memory);
      for (String line : vectors) {
        assertEquals(List.of(), schema.validate(line, InputFormat.JSON), line);
        assertEquals(Verdict.PASSED, run(new SpecEngine(memory), line), line);
        assertEquals(Verdict.PASSED, run(mmu, line), line);
      }
    }
  }

  private static Verdict run(Engine engine, String line) throws InputException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    try (Cursor cursor = new Cursor(new Cursor.Line("stream", 1, bytes, 0, bytes.length))) {
      WalkVector vector = new VectorParser().parse(cursor);
      return new VectorRunner(engine, ModelPresets.SDM).run(vector);
    }
  }
}
