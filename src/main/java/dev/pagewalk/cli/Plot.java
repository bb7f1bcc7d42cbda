package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.ChartTheme;

/** Panels below each other in one picture, PNG or SVG by the end of the file's name. */
final class Plot {
  /** The width of a picture, in pixels or SVG units. */
  static final int WIDTH = 900;

  /** The height of a panel. */
  static final int HEIGHT = 260;

  private Plot() {}

  /** Draws one panel into {@link #WIDTH} by {@link #HEIGHT}. */
  @FunctionalInterface
  interface Panel {
    void paint(Graphics2D graphics);
  }

  /**
   * Refuses a name that ends in neither {@code .png} nor {@code .svg}.
   *
   * @throws InputException which says so
   */
  static void check(Path file) throws InputException {
    if (format(file).isEmpty()) {
      throw new InputException(
          file.toString(), "", "expected a file name that ends in .png or .svg");
    }
  }

  private static String format(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") ? "png" : name.endsWith(".svg") ? "svg" : "";
  }

  /** An empty chart of a panel's size, in the look of all of them. */
  static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .theme(ChartTheme.GGPlot2)
            .build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setMarkerSize(0);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
    chart.getStyler().setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
    chart.getStyler().setXAxisDecimalPattern("#,###");
    return chart;
  }

  /**
   * Makes panels and writes them.
   *
   * @throws InputException if the name has another ending, the file cannot be written, or this
   *     system has no fonts
   */
  static void write(Path file, PanelMaker maker) throws InputException {
    check(file);
    System.setProperty("java.awt.headless", "true");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      Picture picture = new Picture(maker.make());
      if (format(file).equals("png")) {
        BitmapEncoder.saveBitmap(picture, out, BitmapEncoder.BitmapFormat.PNG);
      } else {
        VectorGraphicsEncoder.saveVectorGraphic(
            picture, out, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
      }
    } catch (IOException e) {
      throw InputException.of(file.toString(), e);
    } catch (LinkageError | InternalError e) {
      throw noFonts(file, e);
    } catch (RuntimeException e) {
      // Where the JDK finds no font configuration, it throws one of several.
      if (String.valueOf(e).contains("ont")) {
        throw noFonts(file, e);
      }
      throw e;
    }
  }

  private static InputException noFonts(Path file, Throwable cause) {
    InputException refusal =
        new InputException(
            file.toString(),
            "",
            "cannot be drawn: this system has no fonts that Java can use; install fontconfig and a"
                + " font, as Debian's packages fontconfig and fonts-dejavu-core");
    refusal.initCause(cause);
    return refusal;
  }

  /** Makes the panels of a picture; what it throws for want of fonts is told. */
  @FunctionalInterface
  interface PanelMaker {
    List<Panel> make();
  }

  /** The panels as one chart, which is what XChart's encoders take. */
  private static final class Picture extends XYChart {
    private final List<Panel> panels;

    Picture(List<Panel> panels) {
      super(WIDTH, HEIGHT * panels.size());
      this.panels = panels;
    }

    @Override
    public void paint(Graphics2D graphics, int width, int height) {
      for (int i = 0; i < panels.size(); i++) {
        Graphics2D part = (Graphics2D) graphics.create();
        part.translate(0, i * HEIGHT);
        panels.get(i).paint(part);
        part.dispose();
      }
    }
  }
}
