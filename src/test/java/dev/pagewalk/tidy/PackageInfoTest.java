package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.PackageTree;
import com.sun.source.util.TreePath;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A package says what it is. */
final class PackageInfoTest {
  @Test
  void everyPackageHasAPackageInfoWithAFirstSentence() {
    Set<String> all = new TreeSet<>();
    Set<String> described = new TreeSet<>();
    for (SourceFile file : SourceFile.all()) {
      PackageTree declaration = file.unit().getPackage();
      if (declaration == null) {
        continue; // module-info.java, and what the launcher runs from source
      }
      String name = declaration.getPackageName().toString();
      all.add(name);
      if (file.path().endsWith("/package-info.java") && startsWithASentence(file, declaration)) {
        described.add(name);
      }
    }
    assertEquals(all, described);
  }

  private static boolean startsWithASentence(SourceFile file, PackageTree declaration) {
    TreePath path = TreePath.getPath(file.unit(), declaration);
    String comment = file.trees().getDocComment(path);
    return comment != null && comment.indexOf('.') > 0;
  }
}
