package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pagewalk replay} from its arguments to its output and files. */
class ReplayCommandTest {
  @TempDir private Path folder;

  @Test
  void sequentialEightEvictsPagesZeroAndOne() {
    CommandRun run =
        CommandRun.of(
            "replay", "sequential:pages=8,base=0", "--machine", "classroom", "--evictions");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().endsWith("Pages given up, in order:\n  0 1\n"), run.out());
  }

  @Test
  void jsonHasAllFiguresAndTheyAddUp() {
    CommandRun run =
        CommandRun.of(
            "replay", "zipf:pages=300,count=20k,processes=2", "--frames", "100", "--json");
    assertEquals(0, run.status(), run.err());
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertEquals(20_000, json.get("counts").get("accesses").asLong());
    assertEquals(100, json.get("frames").asLong());
    assertEquals(100, json.get("resident_pages").asLong());
    assertEquals(2, json.get("processes").size());
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal each = BigDecimal.ZERO;
    for (JsonNode cause : json.get("time").get("causes")) {
      sum = sum.add(cause.get("ns").decimalValue());
      each = each.add(cause.get("ns_per_access").decimalValue());
    }
    assertEquals(0, sum.compareTo(json.get("time").get("ns").decimalValue()));
    assertEquals(0, each.compareTo(json.get("time").get("ns_per_access").decimalValue()));
  }

  @Test
  void theSameCommandPrintsTheSame() {
    String[] args = {
      "replay",
      "zipf:pages=300,count=20k,processes=3",
      "--frames",
      "99",
      "--quantum",
      "70",
      "--policy",
      "clock",
      "--json"
    };
    assertEquals(CommandRun.of(args).out(), CommandRun.of(args).out());
  }

  @Test
  void aLimitEndsTheReplay() {
    CommandRun run = CommandRun.of("replay", "loop:pages=3,count=1M", "--limit", "12345", "--json");
    assertEquals(
        12_345, JsonMapper.shared().readTree(run.out()).get("counts").get("accesses").asLong());
  }

  @Test
  void seriesAndPicturesAreWritten() throws Exception {
    Path csv = folder.resolve("s.csv");
    Path png = folder.resolve("s.png");
    Path svg = folder.resolve("s.svg");
    CommandRun run =
        CommandRun.of(
            "replay",
            "phases:pages=400,count=50k,length=9000",
            "--frames",
            "100",
            "--series",
            csv.toString(),
            "--interval",
            "1000",
            "--plot",
            png.toString(),
            "--plot",
            "heat,eat=" + svg);
    assertEquals(0, run.status(), run.err());
    List<String> lines = Files.readAllLines(csv);
    assertEquals(51, lines.size());
    BufferedImage picture = ImageIO.read(png.toFile());
    assertEquals(Plot.WIDTH, picture.getWidth());
    assertEquals(4 * Plot.HEIGHT, picture.getHeight());
    String text = Files.readString(svg);
    assertTrue(text.contains("<svg") && text.contains("Pages over time"), "heat map in SVG");
    assertTrue(
        text.contains("height=\"" + 2 * Plot.HEIGHT) || text.contains(2 * Plot.HEIGHT + ".0"),
        "two panels");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zipf --frames 0|--frames: expected 1 to",
        "zipf --policy belief|belief",
        "zipf --scope mine|--scope: expected global or process, not 'mine'",
        "zipf --machine moon|expected a machine, one of classroom, laptop, server or a file",
        "zipf --cpu z80|expected a model of a processor",
        "zipf --costs free|expected a cost model, one of classroom, desktop, server or a file",
        "zipf --plot x.pdf|x.pdf: expected a file name that ends in .png or .svg",
        "zipf --threads --policy lru|--threads: expected a policy that is not told of each access",
        "zipf --threads --plot x.png|--threads: expected no --series and no --plot",
        "- --policy opt|standard input can be read only once",
        "zipf --cores 257|--cores: expected 1 to 256",
        "no-such-trace|no-such-trace: no such file",
      })
  void whatCannotBeIsToldInOneLine(String args, String says) {
    CommandRun.of(("replay " + args).split(" ", -1)).assertRefused(says);
  }
}
