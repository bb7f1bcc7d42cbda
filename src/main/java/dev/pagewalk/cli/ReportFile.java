package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.trace.AtomicOutput;
import dev.pagewalk.vectors.VerifyReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A file that a verification's report is written to: Markdown, HTML or JUnit's XML, by its suffix.
 *
 * @param path where it shall be
 */
record ReportFile(Path path) {
  /** Writes the report; the file is there whole, or is as it was before. */
  void write(VerifyReport report) throws IOException {
    String text =
        switch (suffix(path.toString())) {
          case "md" -> MarkdownReport.of(report);
          case "html" -> HtmlReport.of(report);
          default -> JunitReport.of(report);
        };
    Path folder = path.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new InputException(path.toString(), "", "expected its folder to exist");
    }
    AtomicOutput file = new AtomicOutput(path.toString());
    try (OutputStream stream = file.stream()) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      file.discard();
      throw e;
    }
    file.commit();
  }

  private static String suffix(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** The name of a report's file. */
  static final class Name implements ITypeConverter<ReportFile> {
    @Override
    public ReportFile convert(String name) {
      String suffix = suffix(name);
      if (!suffix.equals("md") && !suffix.equals("html") && !suffix.equals("xml")) {
        throw new TypeConversionException(
            "expected a name that ends with .md, .html or .xml, not " + Failures.quote(name));
      }
      return new ReportFile(Path.of(name));
    }
  }
}
