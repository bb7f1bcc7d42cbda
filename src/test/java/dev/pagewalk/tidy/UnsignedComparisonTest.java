package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Addresses compare unsigned. */
final class UnsignedComparisonTest {
  /** Path to reason: where addresses are known to be below 2^63. */
  private static final Map<String, String> BELOW_2_63 =
      Map.of(
          "src/test/java/dev/pagewalk/physmem/MemoryLayoutTest.java", "counts up to 24 KiB",
          "src/test/java/dev/pagewalk/physmem/SparseMemoryTest.java", "counts up to 1 TiB");

  /**
   * The kernel's addresses: a process has those below 2^56, the door (Kernel.fault, SystemCalls)
   * refuses others, and the kernel half is only ever looked at as a whole.
   */
  private static final List<String> OF_USERS =
      List.of("src/main/java/dev/pagewalk/kernel/", "src/test/java/dev/pagewalk/kernel/");

  @Test
  void noAddressIsComparedAsASignedNumber() {
    List<String> found = new ArrayList<>();
    Set<String> exceptions = new TreeSet<>();
    for (SourceFile file : SourceFile.all()) {
      List<String> here = SignedComparisons.in(file);
      if (OF_USERS.stream().anyMatch(file.path()::startsWith)) {
        continue;
      }
      if (!here.isEmpty() && BELOW_2_63.containsKey(file.path())) {
        exceptions.add(file.path());
      } else {
        found.addAll(here);
      }
    }
    assertEquals(List.of(), found, "use Long.compareUnsigned, or state the reason in this test");
    assertEquals(new TreeSet<>(BELOW_2_63.keySet()), exceptions, "an exception nobody needs");
  }

  @Test
  void signedComparisonsOfAddressesAreFound() throws IOException {
    assertEquals(1, count("boolean m(long va, long n) { return va < n; }"));
    assertEquals(1, count("boolean m(long n, long pa) { return n >= (pa); }"));
    assertEquals(1, count("boolean m(Leaf leaf, long n) { return leaf.va() <= n; }"));
    assertEquals(1, count("boolean m(Leaf leaf, long n) { return n > leaf.linearAddress; }"));
    assertEquals(1, count("boolean m(long baseAddress, long n) { return baseAddress + 8 > n; }"));
    assertEquals(1, count("int m(long cr2, long n) { return Long.compare(cr2, n); }"));
    assertEquals(1, count("long m(long startVa, long n) { return Math.min(n, startVa); }"));
    assertEquals(1, count("Object m() { return Comparator.comparingLong(Leaf::pa); }"));
  }

  @Test
  void otherComparisonsAreNot() throws IOException {
    assertEquals(
        0, count("boolean m(long va, long n) { return Long.compareUnsigned(va, n) < 0; }"));
    assertEquals(0, count("boolean m(long va, long n) { return va == n; }"));
    assertEquals(0, count("boolean m(long count, long n) { return count < n; }"));
    assertEquals(0, count("boolean m(String address) { return address.length() < 3; }"));
    assertEquals(0, count("boolean m(int pa, int n) { return pa < n; }"));
    assertEquals(0, count("boolean m(long va) { return (va & 0xfff) < 8; }"));
    assertEquals(0, count("boolean m(long va) { return va < 0; }"), "asks for bit 63");
  }

  private static int count(String method) throws IOException {
    return SignedComparisons.in(SourceFile.parse("Sample.java", "class Sample {" + method + "}"))
        .size();
  }
}
