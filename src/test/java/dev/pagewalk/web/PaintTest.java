package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How soon there is something to see, and the picture that README opens with. */
final class PaintTest {
  private static final Path PICTURE = Path.of("docs/classroom.png");

  private static final int WIDTH = 1400;
  private static final int HEIGHT = 1340;

  /** With room for busy computers; `docs/classroom.md` has figures. */
  private static final double MOST_MILLISECONDS = 3000;

  @Test
  void theFirstPaintOfAServerThatHasJustBeenStarted() throws Exception {
    try (Visit visit = Visit.begin()) {
      visit.openHash("");
      visit.browser.waitFor("performance.getEntriesByName('first-contentful-paint').length > 0");
      double paint =
          visit
              .browser
              .evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
              .asDouble();
      double ready =
          visit.browser.evaluate("performance.getEntriesByName('ready')[0].startTime").asDouble();
      System.out.printf(
          "[pagewalk] classroom: first paint after %.0f ms, machine shown after %.0f ms%n",
          paint, ready);
      assertTrue(paint < MOST_MILLISECONDS, paint + " ms");
    }
  }

  /**
   * {@code -Dpagewalk.picture=write} writes it; it must be there, and not too large for a README.
   */
  @Test
  void thePictureInReadme() throws Exception {
    if (System.getProperty("pagewalk.picture", "").equals("write")) {
      try (Visit visit = Visit.begin()) {
        visit.browser.size(WIDTH, HEIGHT);
        visit.open("fork-cow");
        for (int i = 0; i < 3; i++) {
          visit.click("#next");
        }
        visit.browser.evaluate("window.scrollTo(0, 0)");
        visit.browser.windowPicture(PICTURE, WIDTH, HEIGHT, 0.75);
      }
    }
    byte[] picture = Files.readAllBytes(PICTURE);
    assertEquals("PNG", new String(picture, 1, 3, java.nio.charset.StandardCharsets.US_ASCII));
    assertTrue(picture.length < 250_000, picture.length + " bytes");
    assertTrue(Files.readString(Path.of("README.md")).contains("(" + "docs/classroom.png)"));
  }
}
