package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** Methods are short and take few parameters. */
final class MethodLengthTest {
  private static final int MOST_LINES = 60;
  private static final int MOST_PARAMETERS = 4;

  @Test
  void aMethodHasAtMost60LinesAndFourParameters() {
    List<String> found = new ArrayList<>();
    for (SourceFile file : SourceFile.all()) {
      found.addAll(violations(file));
    }
    assertEquals(List.of(), found);
  }

  @Test
  void aMethodOfOneLineTooMuchIsFound() throws IOException {
    assertEquals(List.of(), violations(method("int a", MOST_LINES)));
    assertEquals(
        List.of("Sample.java:2: m has 61 lines"), violations(method("int a", MOST_LINES + 1)));
  }

  @Test
  void aMethodOrConstructorOfFiveParametersIsFound() throws IOException {
    assertEquals(
        List.of("Sample.java:2: m has 5 parameters"),
        violations(method("int a, int b, int c, int d, int e", 3)));
    String constructor = "class Sample { Sample(int a, int b, int c, int d, int e) {} }";
    assertEquals(
        List.of("Sample.java:1: <init> has 5 parameters"),
        violations(SourceFile.parse("Sample.java", constructor)));
  }

  @Test
  void aRecordMayHaveMoreComponents() throws IOException {
    String text = "record Sample(int a, int b, int c, int d, int e) { Sample { a++; } }";
    assertEquals(List.of(), violations(SourceFile.parse("Sample.java", text)));
  }

  private static SourceFile method(String parameters, int lines) throws IOException {
    String body = "\n".repeat(lines - 1);
    return SourceFile.parse(
        "Sample.java", "class Sample {\n  void m(" + parameters + ") {" + body + "}\n}\n");
  }

  private static List<String> violations(SourceFile file) {
    List<String> found = new ArrayList<>();
    new TreeScanner<Void, ClassTree>() {
      @Override
      public Void visitClass(ClassTree type, ClassTree outer) {
        return super.visitClass(type, type);
      }

      @Override
      public Void visitMethod(MethodTree method, ClassTree type) {
        String what = file.place(method) + ": " + method.getName() + " has ";
        long lines = file.lastLine(method) - file.firstLine(method) + 1;
        if (lines > MOST_LINES) {
          found.add(what + lines + " lines");
        }
        int parameters = method.getParameters().size();
        if (parameters > MOST_PARAMETERS && !isCanonicalConstructor(method, type)) {
          found.add(what + parameters + " parameters");
        }
        return super.visitMethod(method, type);
      }
    }.scan(file.unit(), null);
    return found;
  }

  /** A constructor with as many parameters as its record has components. */
  private static boolean isCanonicalConstructor(MethodTree method, ClassTree type) {
    return type.getKind() == Tree.Kind.RECORD
        && method.getName().contentEquals("<init>")
        && method.getParameters().size() == components(type);
  }

  private static long components(ClassTree record) {
    return record.getMembers().stream()
        .filter(member -> member instanceof VariableTree)
        .filter(
            field -> !((VariableTree) field).getModifiers().getFlags().contains(Modifier.STATIC))
        .count();
  }
}
