package dev.pagewalk.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A document's fenced blocks. */
final class Document {
  private final Path path;
  private final List<String> lines;
  private final List<Block> blocks = new ArrayList<>();

  /**
   * A block between fences.
   *
   * @param info what stands behind the opening fence, {@code python}
   * @param first index of the line behind it
   * @param last index of the closing fence
   * @param text between them
   */
  record Block(String info, int first, int last, String text) {}

  Document(Path path) throws IOException {
    this.path = path;
    this.lines = Files.readAllLines(path);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        List<String> inside = lines.subList(i + 1, end);
        String text = String.join("\n", inside) + (inside.isEmpty() ? "" : "\n");
        blocks.add(new Block(lines.get(i).substring(3), i + 1, end, text));
        i = end;
      }
    }
  }

  /** The blocks in their order. */
  List<Block> blocks() {
    return blocks;
  }

  /** The whole text. */
  String text() {
    return String.join("\n", lines) + "\n";
  }

  /** The whole text with other contents of some blocks; a null leaves one as it is. */
  String with(List<String> contents) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      for (; at < block.first; at++) {
        text.append(lines.get(at)).append('\n');
      }
      text.append(contents.get(i) == null ? block.text : contents.get(i));
      at = block.last;
    }
    for (; at < lines.size(); at++) {
      text.append(lines.get(at)).append('\n');
    }
    return text.toString();
  }

  /** The file. */
  Path path() {
    return path;
  }
}
