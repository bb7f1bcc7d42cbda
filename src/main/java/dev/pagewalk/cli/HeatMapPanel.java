package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.machine.replay.HeatMap;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.Locale;

/**
 * Which pages were accessed when, as colours: time to the right, pages upwards in the order of
 * their addresses, gaps between them left out; the darker, the more accesses, on a logarithmic
 * scale.
 *
 * @param map what is drawn
 */
record HeatMapPanel(HeatMap map) implements Plot.Panel {
  private static final int LEFT = 130;
  private static final int TOP = 30;
  private static final int RIGHT = 20;
  private static final int BOTTOM = 40;
  private static final int LABELS = 6;
  private static final Color NOTHING = new Color(0xf4, 0xf4, 0xf4);

  @Override
  public void paint(Graphics2D graphics) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, Plot.WIDTH, Plot.HEIGHT);
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
    graphics.drawString("Pages over time", LEFT, TOP - 10);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
    long[] pages = map.firstPages();
    int width = Plot.WIDTH - LEFT - RIGHT;
    int height = Plot.HEIGHT - TOP - BOTTOM;
    graphics.setColor(NOTHING);
    graphics.fillRect(LEFT, TOP, width, height);
    int most = 1;
    for (int row = 0; row < pages.length; row++) {
      most = Math.max(most, Arrays.stream(map.row(row)).max().orElse(0));
    }
    for (int row = 0; row < pages.length; row++) {
      int bottom = TOP + height - (int) ((long) height * row / pages.length);
      int top = TOP + height - (int) ((long) height * (row + 1) / pages.length);
      row(graphics, map.row(row), most, new int[] {top, bottom - top, width});
    }
    labels(graphics, pages, width, height);
  }

  /** Draws a row: cells of one colour next to each other are one rectangle. */
  private static void row(Graphics2D graphics, int[] counts, int most, int[] place) {
    int from = 0;
    while (from < counts.length) {
      int shade = shade(counts[from], most);
      int to = from + 1;
      while (to < counts.length && shade(counts[to], most) == shade) {
        to++;
      }
      if (shade > 0) {
        int left = LEFT + (int) ((long) place[2] * from / counts.length);
        int right = LEFT + (int) ((long) place[2] * to / counts.length);
        graphics.setColor(colour(shade));
        graphics.fillRect(left, place[0], right - left, place[1]);
      }
      from = to;
    }
  }

  /** 0 for nothing, else 1 to 16. */
  private static int shade(int count, int most) {
    return count == 0 ? 0 : 1 + (int) (15 * Math.log(count) / Math.max(1, Math.log(most)));
  }

  private static Color colour(int shade) {
    float part = Math.min(1, shade / 16f);
    return Color.getHSBColor(0.62f - 0.62f * part, 0.35f + 0.6f * part, 0.95f - 0.15f * part);
  }

  private void labels(Graphics2D graphics, long[] pages, int width, int height) {
    graphics.setColor(Color.DARK_GRAY);
    for (int i = 0; i < Math.min(LABELS, pages.length); i++) {
      int row = pages.length == 1 ? 0 : i * (pages.length - 1) / Math.max(1, labels(pages) - 1);
      int y = TOP + height - (int) (height * (row + 0.5) / pages.length) + 4;
      graphics.drawString(Hex.of(pages[row] << 12), 8, y);
    }
    long all = map.perColumn() * map.columns();
    for (int i = 0; i <= 4; i++) {
      String text = String.format(Locale.ROOT, "%,d", all * i / 4);
      int shift = graphics.getFontMetrics().stringWidth(text) * i / 4;
      graphics.drawString(text, LEFT + width * i / 4 - shift, TOP + height + 16);
    }
    graphics.drawString(
        String.format(Locale.ROOT, "page accesses; a row is %,d pages", map.pagesPerRow()),
        LEFT + width / 2 - 80,
        TOP + height + 32);
  }

  private static int labels(long[] pages) {
    return Math.min(LABELS, pages.length);
  }
}
