package dev.pagewalk.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A Java file as the JDK's own compiler parses it.
 *
 * @param path from the project's directory
 * @param text as it is on disk
 * @param unit its syntax tree, without types
 * @param trees finds positions and doc comments in {@code unit}
 */
record SourceFile(String path, String text, CompilationUnitTree unit, Trees trees) {
  private static final List<String> ROOTS =
      List.of("src/main/java", "src/main/launcher", "src/test/java", "benchmarks");

  /** Every Java file of the project, in the order of their paths. */
  static List<Path> paths() throws IOException {
    return ROOTS.stream()
        .map(Path::of)
        .filter(Files::isDirectory)
        .flatMap(SourceFile::below)
        .toList();
  }

  private static Stream<Path> below(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every Java file of the project, parsed; done once for all tests. */
  static List<SourceFile> all() {
    return All.FILES;
  }

  private static final class All {
    static final List<SourceFile> FILES = read();

    private static List<SourceFile> read() {
      try {
        List<Text> texts = new ArrayList<>();
        for (Path path : paths()) {
          texts.add(new Text(path.toString(), Files.readString(path)));
        }
        return parse(texts);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static SourceFile parse(String path, String text) throws IOException {
    return parse(List.of(new Text(path, text))).getFirst();
  }

  private static List<SourceFile> parse(List<Text> texts) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of(), null, texts);
    Trees trees = Trees.instance(task);
    List<SourceFile> files = new ArrayList<>();
    for (CompilationUnitTree unit : task.parse()) {
      // They come in the order of the texts.
      Text text = texts.get(files.size());
      files.add(new SourceFile(text.path, text.text, unit, trees));
    }
    return files;
  }

  /** The text of a Java file as the compiler takes it. */
  private static final class Text extends SimpleJavaFileObject {
    private final String path;
    private final String text;

    Text(String path, String text) {
      super(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE);
      this.path = path;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** The line on which {@code tree} starts, from 1. */
  long firstLine(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
  }

  /** The line on which {@code tree} ends, from 1. */
  long lastLine(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getEndPosition(unit, tree));
  }

  /** {@code path:line}, as editors understand it. */
  String place(Tree tree) {
    return String.format(Locale.ROOT, "%s:%d", path, firstLine(tree));
  }
}
