package dev.pagewalk.web;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.JsonRecords;
import java.io.ByteArrayInputStream;
import tools.jackson.databind.json.JsonMapper;

/** JSON of requests, read strictly, and of answers. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** An answer's bytes. */
  static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * A request's body.
   *
   * @throws Problem 400 that says where it is wrong and what was expected
   */
  static <T> T read(byte[] body, Class<T> type) {
    try {
      return JsonRecords.read("request body", new ByteArrayInputStream(body), type);
    } catch (InputException e) {
      throw new Problem(400, "Not the JSON that is expected", e.getMessage());
    }
  }
}
