package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a step of a scenario does. It keeps the arguments of the step being read. */
final class OperationParser {
  /** The keys that are arguments. */
  static final List<String> KEYS =
      List.of(
          "addr", "len", "prot", "flags", "file", "off", "as", "pflags", "pkey", "old", "new", "to",
          "advice", "size", "n", "val", "res", "value", "pages", "write", "stride", "child");

  private static final Set<String> MAP_FLAGS =
      Set.of(
          "private",
          "shared",
          "anon",
          "fixed",
          "fixed_noreplace",
          "growsdown",
          "populate",
          "locked",
          "noreserve",
          "hugetlb");
  private static final Set<String> REMAP_FLAGS = Set.of("maymove", "fixed", "dontunmap");
  private static final Set<String> SYNC_FLAGS = Set.of("sync", "async", "invalidate");
  private static final Set<String> LIMITS = Set.of("STACK", "DATA", "AS");

  /** The advices of Linux 6.18. */
  private static final Set<String> ADVICES =
      Set.of(
          "NORMAL",
          "RANDOM",
          "SEQUENTIAL",
          "WILLNEED",
          "DONTNEED",
          "FREE",
          "REMOVE",
          "DONTFORK",
          "DOFORK",
          "HWPOISON",
          "SOFT_OFFLINE",
          "MERGEABLE",
          "UNMERGEABLE",
          "HUGEPAGE",
          "NOHUGEPAGE",
          "DONTDUMP",
          "DODUMP",
          "WIPEONFORK",
          "KEEPONFORK",
          "COLD",
          "PAGEOUT",
          "POPULATE_READ",
          "POPULATE_WRITE",
          "DONTNEED_LOCKED",
          "COLLAPSE",
          "GUARD_INSTALL",
          "GUARD_REMOVE");

  /** For each operation, the arguments that it must have, a bar, and those that it may have. */
  private static final Map<String, String> SHAPES =
      Map.ofEntries(
          Map.entry("mmap", "addr len prot flags | file off as"),
          Map.entry("munmap", "addr len |"),
          Map.entry("mlock", "addr len |"),
          Map.entry("munlock", "addr len |"),
          Map.entry("mlock2", "addr len |"),
          Map.entry("mseal", "addr len |"),
          Map.entry("mincore", "addr len |"),
          Map.entry("munlockall", "|"),
          Map.entry("pkey_alloc", "|"),
          Map.entry("exit", "|"),
          Map.entry("mprotect", "addr len prot | pflags"),
          Map.entry("pkey_mprotect", "addr len prot pkey |"),
          Map.entry("mremap", "addr old new flags | to as"),
          Map.entry("madvise", "addr len advice |"),
          Map.entry("brk", "to |"),
          Map.entry("msync", "addr len flags |"),
          Map.entry("ftruncate", "file size |"),
          Map.entry("punch", "file off len |"),
          Map.entry("fread", "file off |"),
          Map.entry("fwrite", "file off n val |"),
          Map.entry("rlimit", "res value |"),
          Map.entry("read", "addr | size"),
          Map.entry("read_ss", "addr | size"),
          Map.entry("write", "addr val | size"),
          Map.entry("rmw", "addr val | size"),
          Map.entry("cmpxchg", "addr val | size"),
          Map.entry("exec", "addr |"),
          Map.entry("touch", "addr pages write | val stride"),
          Map.entry("kread", "addr size |"),
          Map.entry("kwrite", "addr size val |"),
          Map.entry("fork", "child |"));

  private final Set<String> files;
  private final ScenarioWords words;

  private int seen;
  private Spot addr;
  private Spot to;
  private long len;
  private String prot;
  private List<String> flags;
  private String file;
  private long off;
  private String as;
  private boolean growsDown;
  private int pkey;
  private long oldLen;
  private long newLen;
  private String advice;
  private long size;
  private int n;
  private long val;
  private String res;
  private long value;
  private int pages;
  private boolean write;
  private int stride;
  private String child;

  /** A parser for a scenario with {@code files}. */
  OperationParser(Set<String> files, ScenarioWords words) {
    this.files = files;
    this.words = words;
  }

  /** Forgets the arguments of the step before. */
  void start() {
    seen = 0;
    file = "";
    as = "";
    off = 0;
    growsDown = false;
    size = 1;
    val = 0;
    stride = 1;
    to = null;
  }

  /** The name that the step gives to its mapping; empty for none. */
  String as() {
    return as;
  }

  /** Reads the argument {@code key}, which is one of {@link #KEYS}. */
  void read(Cursor in, String key) throws InputException {
    seen = VectorParser.once(in, KEYS, key, seen);
    switch (key) {
      case "addr" -> addr = words.spot(in);
      case "to" -> to = words.spot(in);
      case "len" -> len = in.unsigned();
      case "old" -> oldLen = in.unsigned();
      case "new" -> newLen = in.unsigned();
      case "off" -> off = in.unsigned();
      case "size" -> size = in.unsigned();
      case "value" -> value = in.unsigned();
      case "val" -> val = ScenarioWords.value(in);
      case "n" -> n = in.number(1, 1 << 20);
      case "pages" -> pages = in.number(1, 1 << 20);
      case "stride" -> stride = in.number(1, 1 << 18);
      case "pkey" -> pkey = in.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "write" -> write = in.truth();
      case "prot" -> prot = ScenarioWords.prot(in);
      case "flags" -> flags = ScenarioWords.strings(in);
      case "pflags" -> growsDown = !ScenarioWords.words(in, Set.of("growsdown")).isEmpty();
      case "file" -> file = ScenarioWords.oneOf(in, in.string(), files);
      case "advice" -> advice = ScenarioWords.oneOf(in, in.string(), ADVICES);
      case "res" -> res = ScenarioWords.oneOf(in, in.string(), LIMITS);
      case "child" -> child = ScenarioWords.process(in);
      default -> as = in.string();
    }
  }

  /** The operation {@code op} with the arguments that have been read. */
  Operation operation(Cursor in, String op) throws InputException {
    checkShape(in, op);
    return switch (op) {
      case "mmap" -> {
        checkFlags(in, MAP_FLAGS);
        yield new Operation.Map(addr, len, prot, flags, source(), as);
      }
      case "mremap" -> {
        checkFlags(in, REMAP_FLAGS);
        yield new Operation.Remap(addr, oldLen, newLen, flags, Optional.ofNullable(to), as);
      }
      case "msync" -> {
        checkFlags(in, SYNC_FLAGS);
        yield new Operation.Sync(addr, len, flags);
      }
      case "munlockall", "pkey_alloc", "exit" ->
          new Operation.Plain(Operation.Bare.valueOf(op.toUpperCase(Locale.ROOT)));
      case "mprotect" -> new Operation.Protect(addr, len, prot, growsDown, Optional.empty());
      case "pkey_mprotect" -> new Operation.Protect(addr, len, prot, false, Optional.of(pkey));
      case "madvise" -> new Operation.Advise(addr, len, advice);
      case "brk" -> new Operation.Brk(to);
      case "ftruncate" -> new Operation.Truncate(file, size);
      case "punch" -> new Operation.Punch(new Operation.FilePlace(file, off), len);
      case "fread" -> new Operation.FileRead(new Operation.FilePlace(file, off));
      case "fwrite" -> new Operation.FileWrite(new Operation.FilePlace(file, off), n, val);
      case "rlimit" -> new Operation.Limit(res, value);
      case "fork" -> new Operation.Fork(child);
      default ->
          SHAPES.get(op).equals("addr len |")
              ? new Operation.Span(
                  Operation.SpanCall.valueOf(op.toUpperCase(Locale.ROOT)), addr, len)
              : access(in, op);
    };
  }

  private Operation access(Cursor in, String op) throws InputException {
    return switch (op) {
      case "read", "read_ss" -> new Operation.Load(addr, powerOfTwo(in), op.equals("read_ss"));
      case "write" -> new Operation.Store(addr, powerOfTwo(in), val);
      case "rmw" -> {
        one(in);
        yield new Operation.Rmw(addr, val);
      }
      case "cmpxchg" -> {
        one(in);
        yield new Operation.Cmpxchg(addr, val);
      }
      case "exec" -> new Operation.Exec(addr);
      case "touch" ->
          new Operation.Touch(addr, pages, stride, write ? Optional.of(val) : Optional.empty());
      case "kread" -> new Operation.CopyFrom(addr, upToEight(in));
      default -> new Operation.CopyTo(addr, upToEight(in), val);
    };
  }

  private Optional<Operation.FilePlace> source() {
    return file.isEmpty() ? Optional.empty() : Optional.of(new Operation.FilePlace(file, off));
  }

  /** The step must have the arguments that its operation wants, and no other. */
  private void checkShape(Cursor in, String op) throws InputException {
    String shape = SHAPES.get(op);
    if (shape == null) {
      in.at("op");
      throw in.expected(
          "unknown operation \""
              + op
              + "\"; expected one of "
              + String.join(", ", SHAPES.keySet().stream().sorted().toList()));
    }
    int bar = shape.indexOf('|');
    int must = bits(shape.substring(0, bar));
    int may = must | bits(shape.substring(bar + 1));
    in.at("");
    if ((must & ~seen) != 0) {
      throw in.expected("expected the key " + first(must & ~seen) + " in a step " + op);
    }
    if ((seen & ~may) != 0) {
      throw in.expected("a step " + op + " has no key " + first(seen & ~may));
    }
  }

  private void checkFlags(Cursor in, Set<String> known) throws InputException {
    for (String flag : flags) {
      if (!known.contains(flag)) {
        in.at("flags");
        throw in.expected(
            "expected some of "
                + String.join(", ", known.stream().sorted().toList())
                + ", found \""
                + flag
                + '"');
      }
    }
  }

  private int powerOfTwo(Cursor in) throws InputException {
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      in.at("size");
      throw in.expected("expected 1, 2, 4 or 8, found " + Long.toUnsignedString(size));
    }
    return (int) size;
  }

  private int upToEight(Cursor in) throws InputException {
    if (size < 1 || size > 8) {
      in.at("size");
      throw in.expected("expected 1 to 8, found " + Long.toUnsignedString(size));
    }
    return (int) size;
  }

  private void one(Cursor in) throws InputException {
    if (size != 1) {
      in.at("size");
      throw in.expected("expected 1, found " + Long.toUnsignedString(size));
    }
  }

  private static String first(int bits) {
    return KEYS.get(Integer.numberOfTrailingZeros(bits));
  }

  private static int bits(String keys) {
    int bits = 0;
    for (String key : keys.split(" ", -1)) {
      bits |= key.isEmpty() ? 0 : 1 << KEYS.indexOf(key);
    }
    return bits;
  }
}
