package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import java.util.Map;
import java.util.Optional;

/** One value that was observed at a step of a scenario. */
sealed interface Observed {
  /** A number. */
  record Count(long value) implements Observed {}

  /** A word: the name of an error, of a signal, of a process; digits of mincore. */
  record Text(String value) implements Observed {}

  /** An address, or a value that is told in hexadecimal. */
  record Address(Spot spot) implements Observed {}

  /** The runs disagreed: whatever is answered is right. */
  record Unstable() implements Observed {}

  /** The value as text to compare by; nothing if any value is right. */
  default Optional<String> text(Map<String, Long> names) {
    return switch (this) {
      case Count count -> Optional.of(Long.toString(count.value));
      case Text text -> Optional.of(text.value);
      case Address address -> Optional.of(Hex.of(address.spot.in(names)));
      case Unstable unstable -> Optional.empty();
    };
  }
}
