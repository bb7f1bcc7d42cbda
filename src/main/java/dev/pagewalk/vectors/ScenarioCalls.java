package dev.pagewalk.vectors;

import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.FileCalls;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.kernel.MremapFlag;
import dev.pagewalk.kernel.MremapRequest;
import dev.pagewalk.kernel.MsyncFlag;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.Rlimit;
import dev.pagewalk.kernel.SystemCalls;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.machine.Reply;
import java.util.List;
import java.util.Map;

/** Performs one operation of a scenario, by the process that a core has loaded. */
final class ScenarioCalls {
  private static final int PAGE = 4096;

  private static final Map<String, Integer> MAP_FLAGS =
      Map.of(
          "private", MapFlag.PRIVATE,
          "shared", MapFlag.SHARED,
          "anon", MapFlag.ANONYMOUS,
          "fixed", MapFlag.FIXED,
          "fixed_noreplace", MapFlag.FIXED_NOREPLACE,
          "growsdown", MapFlag.GROWSDOWN,
          "populate", MapFlag.POPULATE,
          "locked", MapFlag.LOCKED,
          "noreserve", MapFlag.NORESERVE,
          "hugetlb", MapFlag.HUGETLB);
  private static final Map<String, Integer> REMAP_FLAGS =
      Map.of(
          "maymove", MremapFlag.MAYMOVE,
          "fixed", MremapFlag.FIXED,
          "dontunmap", MremapFlag.DONTUNMAP);
  private static final Map<String, Integer> SYNC_FLAGS =
      Map.of(
          "sync", MsyncFlag.SYNC,
          "async", MsyncFlag.ASYNC,
          "invalidate", MsyncFlag.INVALIDATE);

  private final ScenarioMachine scenario;
  private final Machine machine;
  private final FileCalls files;
  private final Core core;
  private final SystemCalls calls;
  private final ScenarioAnswer answer;

  ScenarioCalls(ScenarioMachine scenario, Core core, ScenarioAnswer answer) {
    this.scenario = scenario;
    this.machine = scenario.machine();
    this.files = machine.kernel().fileCalls();
    this.core = core;
    this.calls = core.loaded().calls();
    this.answer = answer;
  }

  /** Performs {@code operation}, which is neither fork nor exit. */
  void perform(Operation operation) {
    switch (operation) {
      case Operation.Plain(var call) ->
          answer.number(
              machine.call(
                  call == Operation.Bare.MUNLOCKALL ? calls::munlockall : calls::pkeyAlloc));
      case Operation.Span span -> span(span.call(), at(span.addr()), span.len());
      case Operation.Map map -> map(map);
      case Operation.Protect protect -> answer.number(machine.call(() -> protect(protect)));
      case Operation.Remap remap -> remap(remap);
      case Operation.Advise(Spot addr, long len, String advice) ->
          answer.number(machine.call(() -> advise(at(addr), len, advice)));
      case Operation.Brk(Spot to) -> answer.address(machine.call(() -> calls.brk(at(to))));
      case Operation.Sync(Spot addr, long len, var flags) ->
          answer.number(machine.call(() -> calls.msync(at(addr), len, bits(SYNC_FLAGS, flags))));
      case Operation.Limit(String res, long value) ->
          answer.number(machine.call(() -> calls.setRlimit(Rlimit.valueOf(res), value)));
      case Operation.Truncate(String file, long size) ->
          answer.number(machine.call(() -> files.ftruncate(file(file), size)));
      case Operation.Punch(var place, long len) ->
          answer.number(machine.call(() -> files.punchHole(file(place.name()), place.off(), len)));
      case Operation.FileRead(var place) -> fileRead(place);
      case Operation.FileWrite write ->
          answer.number(
              machine.call(
                  () -> files.write(file(write.at().name()), write.at().off(), ascending(write))));
      default -> access(operation);
    }
  }

  private void access(Operation operation) {
    switch (operation) {
      case Operation.Load(Spot addr, int size, boolean stack) ->
          value(stack ? core.loadThroughStack(at(addr), size) : core.load(at(addr), size));
      case Operation.Store(Spot addr, int size, long val) ->
          answer.access(core.store(at(addr), size, val));
      case Operation.Rmw(Spot addr, long val) -> value(core.exchangeAdd(at(addr), (int) val));
      case Operation.Cmpxchg(Spot addr, long val) ->
          value(core.compareExchange(at(addr), (int) val, 0x77));
      case Operation.Exec(Spot addr) -> answer.access(core.fetch(at(addr)));
      case Operation.Touch touch -> touch(touch);
      case Operation.CopyFrom(Spot addr, int size) -> copyFrom(at(addr), size);
      case Operation.CopyTo(Spot addr, int size, long val) -> copyTo(at(addr), size, val);
      default -> throw new IllegalArgumentException("no access: " + operation);
    }
  }

  private void span(Operation.SpanCall call, long addr, long len) {
    switch (call) {
      case MUNMAP -> answer.number(machine.call(() -> calls.munmap(addr, len)));
      case MLOCK -> answer.number(machine.call(() -> calls.mlock(addr, len)));
      case MUNLOCK -> answer.number(machine.call(() -> calls.munlock(addr, len)));
      case MLOCK2 -> answer.number(machine.call(() -> calls.mlockOnFault(addr, len)));
      case MSEAL -> answer.number(machine.call(() -> calls.mseal(addr, len)));
      case MINCORE -> mincore(addr, len);
    }
  }

  private void mincore(long addr, long len) {
    long pages = Math.clamp((len + PAGE - 1) >>> 12, 0, 1 << 18);
    byte[] vec = new byte[(int) pages];
    if (answer.number(machine.call(() -> calls.mincore(addr, len, vec)))) {
      StringBuilder digits = new StringBuilder();
      for (byte page : vec) {
        digits.append(page & 1);
      }
      answer.put("vec", digits.toString());
    }
  }

  private void map(Operation.Map map) {
    MmapRequest request =
        new MmapRequest(
            at(map.addr()),
            map.len(),
            prot(map.prot()),
            bits(MAP_FLAGS, map.flags()),
            map.source().map(place -> file(place.name())),
            map.source().map(Operation.FilePlace::off).orElse(0L));
    long result = machine.call(() -> calls.mmap(request));
    if (answer.address(result)) {
      scenario.name(map.as(), result, map.len());
    }
  }

  private long protect(Operation.Protect protect) {
    int prot = prot(protect.prot()) | (protect.growsDown() ? Prot.GROWSDOWN : 0);
    long addr = at(protect.addr());
    return protect.pkey().isPresent()
        ? calls.pkeyMprotect(addr, protect.len(), prot, protect.pkey().get())
        : calls.mprotect(addr, protect.len(), prot);
  }

  private void remap(Operation.Remap remap) {
    MremapRequest request =
        new MremapRequest(
            at(remap.addr()),
            remap.oldLen(),
            remap.newLen(),
            bits(REMAP_FLAGS, remap.flags()),
            remap.to().map(this::at).orElse(0L));
    long result = machine.call(() -> calls.mremap(request));
    if (answer.address(result)) {
      scenario.name(remap.as(), result, remap.newLen());
    }
  }

  private long advise(long addr, long len, String advice) {
    for (Advice known : Advice.values()) {
      if (known.name().equals(advice)) {
        return calls.madvise(addr, len, known.code());
      }
    }
    // An advice of Linux that this kernel does not know, as one that is not configured.
    return Errno.EINVAL.result();
  }

  private void fileRead(Operation.FilePlace place) {
    byte[] buffer = new byte[1];
    long result = machine.call(() -> files.read(file(place.name()), place.off(), buffer));
    if (answer.number(result) && result == 1) {
      answer.hex("val", buffer[0] & 0xff);
    }
  }

  private static byte[] ascending(Operation.FileWrite write) {
    byte[] bytes = new byte[write.n()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (write.val() + i);
    }
    return bytes;
  }

  private void touch(Operation.Touch touch) {
    long hash = 0;
    Reply reply = new Reply.Done(0);
    int done = 0;
    while (done < touch.pages() && reply instanceof Reply.Done) {
      long at = at(touch.addr()) + (long) done * touch.stride() * PAGE;
      int index = done;
      reply = touch.write().map(val -> core.store(at, 1, val + index)).orElse(null);
      if (reply == null) {
        reply = core.load(at, 1);
        hash = reply instanceof Reply.Done(long value) ? (hash * 31 + value) & 0xffff_ffffL : hash;
      }
      done += reply instanceof Reply.Done ? 1 : 0;
    }
    if (answer.access(reply) && touch.write().isEmpty()) {
      answer.hex("val", hash);
    }
    answer.put("done", done);
  }

  private void copyFrom(long addr, int size) {
    byte[] buffer = new byte[size];
    if (answer.number(core.copyFromUser(addr, buffer) ? size : Errno.EFAULT.result())) {
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        value = (value << 8) | (buffer[i] & 0xff);
      }
      answer.hex("val", value);
    }
  }

  private void copyTo(long addr, int size, long val) {
    byte[] buffer = new byte[size];
    for (int i = 0; i < size; i++) {
      buffer[i] = (byte) (val >>> (8 * i));
    }
    answer.number(core.copyToUser(addr, buffer) ? size : Errno.EFAULT.result());
  }

  private void value(Reply reply) {
    if (answer.access(reply) && reply instanceof Reply.Done(long value)) {
      answer.hex("val", value);
    }
  }

  private FileObject file(String name) {
    return scenario.files().get(name);
  }

  private long at(Spot spot) {
    return spot.in(scenario.names());
  }

  private static int prot(String letters) {
    return (letters.contains("r") ? Prot.READ : 0)
        | (letters.contains("w") ? Prot.WRITE : 0)
        | (letters.contains("x") ? Prot.EXEC : 0);
  }

  private static int bits(Map<String, Integer> known, List<String> flags) {
    int bits = 0;
    for (String flag : flags) {
      bits |= known.get(flag);
    }
    return bits;
  }
}
