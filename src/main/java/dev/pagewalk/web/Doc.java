package dev.pagewalk.web;

import dev.pagewalk.arch.Hex;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON object while it is put together; 64-bit words are texts of hex digits. */
final class Doc {
  private final Map<String, Object> members = new LinkedHashMap<>();

  /** Adds a member as it is. */
  Doc put(String key, Object value) {
    members.put(key, value);
    return this;
  }

  /** Adds a 64-bit word: {@code 0x1f}. */
  Doc hex(String key, long value) {
    return put(key, Hex.of(value));
  }

  /** The object. */
  Map<String, Object> map() {
    return members;
  }
}
