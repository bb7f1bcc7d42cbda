package dev.pagewalk.trace;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.pagewalk.arch.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * The compressions of a trace's file, told by its first bytes when read, by its name's suffix when
 * written.
 *
 * <p>Source: RFC 1952 (gzip), "The .xz File Format" 1.2 (xz), RFC 8878 (Zstandard). The libraries
 * of xz and Zstandard are loaded when they are needed, not before.
 */
enum Compression {
  /** None. */
  NONE("", 0, 0),

  /** gzip, by the JDK. */
  GZIP(".gz", 0x8b1f, 2),

  /** xz, by XZ for Java. */
  XZ(".xz", 0x005a_587a_37fdL, 6),

  /** Zstandard, by zstd-jni. */
  ZSTD(".zst", 0xfd2f_b528L, 4),

  /** A frame of Zstandard with any data, which a decoder passes over: its last four bits vary. */
  ZSTD_SKIPPABLE(".zst", 0x184d_2a50L, 4);

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MOST_MAGIC_BYTES = 6;
  private static final int SKIPPABLE_BITS = 0xf;

  /** Kibibytes that expanding an xz file may take: as much as the highest preset of xz needs. */
  private static final int XZ_LIMIT_KIB = 1 << 17;

  private final String suffix;
  private final long magic;
  private final int magicBytes;

  Compression(String suffix, long magic, int magicBytes) {
    this.suffix = suffix;
    this.magic = magic;
    this.magicBytes = magicBytes;
  }

  /** The compression that a name's suffix asks for. */
  static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Compression compression : new Compression[] {GZIP, XZ, ZSTD}) {
      if (lower.endsWith(compression.suffix)) {
        return compression;
      }
    }
    return NONE;
  }

  /** {@code name} without the suffix of this compression. */
  String strip(String name) {
    return name.substring(0, name.length() - suffix.length());
  }

  /**
   * The bytes that {@code raw} holds, expanded if its first bytes say that it is compressed.
   *
   * @param file its name, for messages; reads throw a {@link TraceException} if it is damaged
   */
  static InputStream expand(InputStream raw, String file) throws IOException {
    var source = new PushbackInputStream(new BufferedInputStream(raw, BUFFER_BYTES), 8);
    byte[] head = source.readNBytes(MOST_MAGIC_BYTES);
    source.unread(head);
    Compression compression = ofHead(head);
    if (compression == NONE) {
      return source;
    }
    String name = compression.suffix.substring(1);
    try {
      return new ExpandedInput(compression.expanded(source), file, name);
    } catch (IOException e) {
      throw ExpandedInput.damaged(file, name, e);
    } catch (LinkageError e) {
      throw new InputException(file, "", missing(name));
    }
  }

  /**
   * A stream that compresses into {@code out} and closes it.
   *
   * @param file its name, for messages
   */
  OutputStream compress(OutputStream out, String file) throws IOException {
    try {
      return switch (this) {
        case NONE -> out;
        case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
        case XZ -> Xz.compress(out);
        case ZSTD, ZSTD_SKIPPABLE -> Zstd.compress(out);
      };
    } catch (LinkageError e) {
      throw new InputException(file, "", missing(suffix.substring(1)));
    }
  }

  private static String missing(String compression) {
    return "expected the library of " + compression + ", which is missing or does not work here";
  }

  private static Compression ofHead(byte[] head) {
    for (Compression compression : values()) {
      if (compression != NONE && compression.begins(head)) {
        return compression;
      }
    }
    return NONE;
  }

  private boolean begins(byte[] head) {
    if (head.length < magicBytes) {
      return false;
    }
    long found = 0;
    for (int i = magicBytes - 1; i >= 0; i--) {
      found = (found << 8) | (head[i] & 0xff);
    }
    return this == ZSTD_SKIPPABLE ? (found & ~SKIPPABLE_BITS) == magic : found == magic;
  }

  private InputStream expanded(InputStream source) throws IOException {
    return switch (this) {
      case NONE -> source;
      case GZIP -> new StrictGzip(source);
      case XZ -> Xz.expand(source);
      case ZSTD, ZSTD_SKIPPABLE -> Zstd.expand(source);
    };
  }

  /** All that knows the library of xz: a class of its own is loaded when it is needed. */
  private static final class Xz {
    static InputStream expand(InputStream source) throws IOException {
      return new XZInputStream(source, XZ_LIMIT_KIB);
    }

    static OutputStream compress(OutputStream out) throws IOException {
      return new XZOutputStream(out, new LZMA2Options());
    }
  }

  /** All that knows the library of Zstandard. */
  private static final class Zstd {
    static InputStream expand(InputStream source) throws IOException {
      return new ZstdInputStreamNoFinalizer(source);
    }

    static OutputStream compress(OutputStream out) throws IOException {
      return new ZstdOutputStreamNoFinalizer(out).setChecksum(true);
    }
  }
}
