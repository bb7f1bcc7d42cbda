package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.kernel.Errno;
import dev.pagewalk.machine.Reply;
import dev.pagewalk.machine.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/** What the machine answered to one step, in the format's names and as text. */
final class ScenarioAnswer {
  /** A page fault: CR2 and error code. */
  record Fault(long at, int error) {
    @Override
    public String toString() {
      return Hex.of(at) + " " + error;
    }
  }

  private final SequencedMap<String, String> values = new TreeMap<>();
  private final List<Fault> faults = new ArrayList<>();

  /** Values by name. */
  SequencedMap<String, String> values() {
    return values;
  }

  /** The page faults inside the window, in order. */
  List<Fault> faults() {
    return faults;
  }

  void put(String key, String value) {
    values.put(key, value);
  }

  void put(String key, long value) {
    values.put(key, Long.toString(value));
  }

  void hex(String key, long value) {
    values.put(key, Hex.of(value));
  }

  /** The result of a system call that returns a number; whether it is no error. */
  boolean number(long result) {
    return result(result, Long.toString(result));
  }

  /** The result of a system call that returns an address; whether it is no error. */
  boolean address(long result) {
    return result(result, Hex.of(result));
  }

  /** The reply to an access; whether it was made. */
  boolean access(Reply reply) {
    switch (reply) {
      case Reply.Done _ -> values.put("ok", "true");
      case Reply.Signalled(Signal signal) -> {
        put("sig", signal.name());
        put("code", signal.code());
        hex("si_addr", signal.address());
        put("trapno", signal.trap());
        put("err", signal.error());
        if (signal.trap() == Signal.PAGE_FAULT) {
          hex("cr2", signal.cr2());
        }
      }
    }
    return reply instanceof Reply.Done;
  }

  private boolean result(long result, String good) {
    if (Errno.isError(result)) {
      put("errno", Errno.of(result).name());
      return false;
    }
    put("ret", good);
    return true;
  }
}
