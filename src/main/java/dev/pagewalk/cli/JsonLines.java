package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes JSON for programs: one document, or one a line (JSON Lines), UTF-8.
 *
 * <p>Numbers of 64 bits are written as strings {@code "0x…"}, because most readers of JSON keep 53
 * bits of a number. {@link #close} flushes and leaves the stream open.
 */
final class JsonLines implements AutoCloseable {
  private final PrintStream out;
  private final JsonGenerator json;
  private int depth;

  JsonLines(PrintStream out) {
    this.out = out;
    this.json =
        JsonFactory.builder()
            .rootValueSeparator("")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build()
            .createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
  }

  /** Begins an object: a line if nothing is open, else an element of the open array. */
  JsonLines begin() {
    depth++;
    json.writeStartObject();
    return this;
  }

  /** Begins an object as a property. */
  JsonLines begin(String name) {
    json.writeName(name);
    return begin();
  }

  /** Ends an object, and its line if it is the outermost one. */
  JsonLines end() {
    json.writeEndObject();
    depth--;
    if (depth == 0) {
      json.writeRaw('\n');
    }
    return this;
  }

  /** Begins an array as a property. */
  JsonLines beginArray(String name) {
    json.writeArrayPropertyStart(name);
    return this;
  }

  /** Ends an array. */
  JsonLines endArray() {
    json.writeEndArray();
    return this;
  }

  /** A property {@code "name":"text"}. */
  JsonLines text(String name, String text) {
    json.writeStringProperty(name, text);
    return this;
  }

  /** A property {@code "name":"0x…"}. */
  JsonLines hex(String name, long value) {
    json.writeStringProperty(name, Hex.of(value));
    return this;
  }

  /** A property {@code "name":value}. */
  JsonLines number(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  /** A property {@code "name":value}, rounded to three places. */
  JsonLines decimal(String name, double value) {
    json.writeName(name);
    writeDecimal(value);
    return this;
  }

  /** A property {@code "name":value}, as it is. */
  JsonLines exact(String name, BigDecimal value) {
    json.writeName(name);
    json.writeNumber(value);
    return this;
  }

  /** A property {@code "name":[value, …]}, rounded to three places. */
  JsonLines decimals(String name, Iterable<Double> values) {
    json.writeArrayPropertyStart(name);
    for (double value : values) {
      writeDecimal(value);
    }
    json.writeEndArray();
    return this;
  }

  private void writeDecimal(double value) {
    json.writeNumber(BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP));
  }

  /** A property {@code "name":true} or {@code false}. */
  JsonLines flag(String name, boolean value) {
    json.writeBooleanProperty(name, value);
    return this;
  }

  /** A property {@code "name":null}. */
  JsonLines absent(String name) {
    json.writeNullProperty(name);
    return this;
  }

  /** A property {@code "name":[number, …]}. */
  JsonLines numbers(String name, Iterable<Long> values) {
    json.writeArrayPropertyStart(name);
    for (long value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    return this;
  }

  /** A property {@code "name":["…", …]}. */
  JsonLines texts(String name, Iterable<String> texts) {
    json.writeArrayPropertyStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
    return this;
  }

  /** Sends all that is written so far to its reader. */
  void flush() {
    json.flush();
    out.flush();
  }

  @Override
  public void close() {
    json.close();
    out.flush();
  }
}
