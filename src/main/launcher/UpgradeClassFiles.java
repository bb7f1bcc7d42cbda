import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies a jar with its class files brought to the format of Java 8, the code as it was.
 *
 * <p>picocli comes in the format of Java 5. The JDK's AOT cache refuses such classes, and the JVM
 * checks them with its old, slow verifier: together a third of the time a short command takes. What
 * the newer format asks for in addition, the stack maps, is worked out here. Run by the launcher
 * with the arguments FROM.jar TO.jar.
 */
final class UpgradeClassFiles {
  private static final int JAVA_8 = 52;

  private final ClassFile classFile;

  private UpgradeClassFiles(ClassLoader classes) {
    ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(classes);
    classFile = ClassFile.of(ClassHierarchyResolverOption.of(hierarchy));
  }

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    URL[] classPath = {from.toUri().toURL()};
    try (URLClassLoader classes = new URLClassLoader(classPath);
        ZipFile in = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
      UpgradeClassFiles upgrade = new UpgradeClassFiles(classes);
      Enumeration<? extends ZipEntry> entries = in.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        boolean old = entry.getName().endsWith(".class") && majorVersion(bytes) < JAVA_8;
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(old ? upgrade.upgraded(bytes) : bytes);
        out.closeEntry();
      }
    }
  }

  /** JVMS 4.1: bytes 6 and 7 of a class file. */
  private static int majorVersion(byte[] bytes) {
    return (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
  }

  private byte[] upgraded(byte[] bytes) {
    // A method body that is taken apart and put together again gets its stack maps.
    ClassTransform bodies =
        ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(JAVA_8, 0);
          } else {
            builder.with(element);
          }
        };
    return classFile.transformClass(classFile.parse(bytes), bodies.andThen(version));
  }
}
