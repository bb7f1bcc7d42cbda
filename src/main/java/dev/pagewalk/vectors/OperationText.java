package dev.pagewalk.vectors;

import java.util.Locale;

/** Steps of a scenario as text for a person. */
final class OperationText {
  private OperationText() {}

  /** The process and what it does. */
  static String of(ScenarioStep step) {
    return step.process() + " " + text(step.operation());
  }

  private static String text(Operation operation) {
    return switch (operation) {
      case Operation.Plain(var call) -> call.name().toLowerCase(Locale.ROOT);
      case Operation.Span(var call, Spot addr, long len) ->
          call.name().toLowerCase(Locale.ROOT) + range(addr, len);
      case Operation.Map map ->
          "mmap"
              + range(map.addr(), map.len())
              + (" \"" + map.prot() + "\" " + map.flags())
              + map.source().map(OperationText::place).orElse("");
      case Operation.Protect protect ->
          (protect.pkey().isPresent() ? "pkey_mprotect" : "mprotect")
              + range(protect.addr(), protect.len())
              + (" \"" + protect.prot() + '"')
              + (protect.growsDown() ? " growsdown" : "")
              + protect.pkey().map(key -> " pkey " + key).orElse("");
      case Operation.Remap remap ->
          "mremap"
              + range(remap.addr(), remap.oldLen())
              + (" to " + Long.toUnsignedString(remap.newLen()) + " " + remap.flags())
              + remap.to().map(to -> " at " + to).orElse("");
      case Operation.Advise(Spot addr, long len, String advice) ->
          "madvise" + range(addr, len) + " " + advice;
      case Operation.Brk(Spot to) -> "brk " + to;
      case Operation.Sync(Spot addr, long len, var flags) ->
          "msync" + range(addr, len) + " " + flags;
      case Operation.Truncate(String file, long size) -> "ftruncate " + file + " " + size;
      case Operation.Punch(var place, long len) -> "punch" + place(place) + " +" + len;
      case Operation.FileRead(var place) -> "fread" + place(place);
      case Operation.FileWrite write -> "fwrite" + place(write.at()) + " +" + write.n();
      case Operation.Limit(String res, long value) -> "rlimit " + res + " " + value;
      case Operation.Fork(String child) -> "fork " + child;
      default -> access(operation);
    };
  }

  private static String access(Operation operation) {
    return switch (operation) {
      case Operation.Load(Spot addr, int size, boolean stack) ->
          (stack ? "read_ss " : "read ") + addr + " size " + size;
      case Operation.Store(Spot addr, int size, long _) -> "write " + addr + " size " + size;
      case Operation.Rmw(Spot addr, long _) -> "rmw " + addr;
      case Operation.Cmpxchg(Spot addr, long _) -> "cmpxchg " + addr;
      case Operation.Exec(Spot addr) -> "exec " + addr;
      case Operation.Touch touch ->
          "touch "
              + touch.addr()
              + (touch.write().isPresent() ? " write " : " read ")
              + (touch.pages() + " pages, stride " + touch.stride());
      case Operation.CopyFrom(Spot addr, int size) -> "kread " + addr + " size " + size;
      case Operation.CopyTo(Spot addr, int size, long _) -> "kwrite " + addr + " size " + size;
      default -> throw new IllegalArgumentException("no access: " + operation);
    };
  }

  private static String range(Spot addr, long len) {
    return " " + addr + " +" + Long.toUnsignedString(len);
  }

  private static String place(Operation.FilePlace place) {
    return " " + place.name() + " at " + place.off();
  }
}
