package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** Reads what was observed at a step of a scenario. */
final class OutcomeParser {
  private static final List<String> KEYS =
      List.of(
          "ret", "errno", "ok", "val", "vec", "done", "child", "sig", "code", "si_addr", "trapno",
          "err", "cr2", "min", "maj", "pf");
  private static final int COUNTS = 13;
  private static final Pattern ERRNO = Pattern.compile("E[A-Z0-9]+");
  private static final Pattern SIGNAL = Pattern.compile("SIG[A-Z0-9]+");
  private static final Pattern DIGITS = Pattern.compile("[0-9]*");

  private final ScenarioWords words;
  private final SequencedMap<String, Observed> values = new LinkedHashMap<>();
  private List<ScenarioStep.HardwareFault> faults;
  private int seen;

  OutcomeParser(ScenarioWords words) {
    this.words = words;
  }

  /** Reads the outcome that comes next. */
  void read(Cursor in) throws InputException {
    values.clear();
    faults = null;
    seen = 0;
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, KEYS, key, seen);
      if (in.nextIsNull()) {
        values.put(key, new Observed.Unstable());
      } else {
        readValue(in, key);
      }
    }
    values.remove("pf");
  }

  private void readValue(Cursor in, String key) throws InputException {
    switch (key) {
      case "pf" -> faults = faults(in);
      case "ret" ->
          values.put(
              key,
              in.isString()
                  ? new Observed.Address(words.spotHere(in))
                  : new Observed.Count(in.unsignedHere()));
      case "val", "si_addr", "cr2" -> values.put(key, new Observed.Address(words.spotHere(in)));
      case "errno" -> values.put(key, text(in, ERRNO, "the name of an error"));
      case "sig" -> values.put(key, text(in, SIGNAL, "the name of a signal"));
      case "vec" -> values.put(key, text(in, DIGITS, "a digit a page"));
      case "child" -> values.put(key, new Observed.Text(in.stringHere()));
      case "ok" -> {
        if (!in.found().equals("true")) {
          throw in.expected("expected true, found " + in.found());
        }
        values.put(key, new Observed.Text("true"));
      }
      default -> values.put(key, new Observed.Count(in.numberHere(0, Integer.MAX_VALUE)));
    }
  }

  private static Observed text(Cursor in, Pattern pattern, String what) throws InputException {
    String text = in.stringHere();
    if (!pattern.matcher(text).matches()) {
      throw in.expected("expected " + what + ", found " + in.found());
    }
    return new Observed.Text(text);
  }

  private List<ScenarioStep.HardwareFault> faults(Cursor in) throws InputException {
    if (!in.isArray()) {
      throw in.expected("expected an array, found " + in.found());
    }
    List<ScenarioStep.HardwareFault> list = new ArrayList<>();
    while (in.nextElement()) {
      if (!in.isArray()) {
        throw in.expected("expected an array of address and error code, found " + in.found());
      }
      list.add(new ScenarioStep.HardwareFault(words.spot(in), in.number(0, Integer.MAX_VALUE)));
      in.closeArray();
    }
    return list;
  }

  /** The outcome that was read, which must be one of {@code operation}. */
  SequencedMap<String, Observed> outcome(Cursor in, Operation operation) throws InputException {
    in.at("r");
    switch (operation) {
      case Operation.Plain(var call) when call == Operation.Bare.EXIT -> only(in, "");
      case Operation.Fork _ -> only(in, has("errno") ? "errno" : "child");
      case Operation.Load _, Operation.Rmw _, Operation.Cmpxchg _ -> access(in, "ok val");
      case Operation.Store _, Operation.Exec _ -> access(in, "ok");
      case Operation.Touch touch when touch.write().isPresent() -> access(in, "ok done");
      case Operation.Touch _ -> access(in, "ok val done");
      case Operation.Span(var call, _, _) when call == Operation.SpanCall.MINCORE ->
          call(in, "ret vec");
      case Operation.CopyFrom _ -> call(in, "ret val");
      case Operation.FileRead _ -> call(in, has("val") ? "ret val" : "ret");
      default -> call(in, "ret");
    }
    return new LinkedHashMap<>(values);
  }

  /** The page faults that were read; nothing if they are not known. */
  Optional<List<ScenarioStep.HardwareFault>> faults() {
    return Optional.ofNullable(faults);
  }

  private void call(Cursor in, String good) throws InputException {
    only(in, (has("errno") ? "errno" : good) + " min maj pf");
  }

  private void access(Cursor in, String good) throws InputException {
    String keys = good;
    if (has("sig")) {
      keys = "sig code si_addr trapno err" + (good.endsWith("done") ? " done" : "");
      keys += has("cr2") ? " cr2" : "";
    }
    only(in, keys + " min maj pf");
    if (has("sig") && values.get("trapno") instanceof Observed.Count(long trap)) {
      if ((trap == 14) != has("cr2")) {
        throw in.expected("expected cr2 with trapno 14 and with nothing else");
      }
    }
  }

  /** The outcome must have just {@code keys}. */
  private void only(Cursor in, String keys) throws InputException {
    List<String> wanted = List.of(keys.split(" ", -1));
    for (String key : KEYS) {
      if (has(key) && !wanted.contains(key)) {
        throw in.expected("expected no key " + key + " in this outcome of this step");
      }
      if (!has(key) && wanted.contains(key)) {
        throw in.expected("expected the key " + key);
      }
    }
  }

  private boolean has(String key) {
    return (seen & 1 << KEYS.indexOf(key)) != 0;
  }

  /** Whether {@code key} counts faults, and tells no result. */
  static boolean isCount(String key) {
    return KEYS.indexOf(key) >= COUNTS;
  }
}
