package dev.pagewalk.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program on the other end of two pipes, by lines. Neither side can block the other for ever: a
 * thread writes, a thread reads, and whoever waits for a line waits for so long at most.
 */
final class SubjectProcess implements AutoCloseable {
  /** A line has at most so many bytes. */
  static final int LONGEST_LINE = 1 << 20;

  private static final int CHUNK = 1 << 16;

  /** Chunks of lines that are read ahead; then the program has to wait. */
  private static final int AHEAD = 64;

  private static final int LAST_WORDS = 2000;
  private static final byte[] END = {};

  private final Process process;
  private final BlockingQueue<byte[]> toWrite = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> read = new ArrayBlockingQueue<>(AHEAD);
  private final StringBuilder complaints = new StringBuilder();
  private final Thread complaintReader;
  private byte[] chunk = END;
  private int from;
  private int to;
  private boolean ended;
  private volatile boolean tooLong;

  /** What {@link #next} found. */
  enum Found {
    /** A line. */
    LINE,
    /** Nothing in the time that there was. */
    NOTHING,
    /** The end of what the program writes. */
    END,
    /** A line that is longer than {@link #LONGEST_LINE}. */
    TOO_LONG
  }

  /** Starts {@code command}, which the shell reads. */
  SubjectProcess(String command) throws IOException {
    process = new ProcessBuilder("/bin/sh", "-c", command).start();
    Thread.ofPlatform().daemon().name("subject-writer").start(this::write);
    Thread.ofPlatform().daemon().name("subject-reader").start(this::read);
    complaintReader =
        Thread.ofPlatform().daemon().name("subject-stderr").start(this::readComplaints);
  }

  /** Has {@code lines} written, now or as soon as the program reads. */
  void send(byte[] lines) {
    toWrite.add(lines);
  }

  /** Says that nothing more will be sent. */
  void finish() {
    toWrite.add(END);
  }

  /** Waits for a line for at most {@code limit}. */
  Found next(Duration limit) {
    from = to;
    if (from == chunk.length) {
      if (ended) {
        return end();
      }
      try {
        chunk = read.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        chunk = null;
      }
      from = 0;
      to = 0;
      if (chunk == null) {
        chunk = END;
        return Found.NOTHING;
      }
      if (chunk.length == 0) {
        ended = true;
        return end();
      }
    }
    to = from;
    while (chunk[to++] != '\n') {
      // Each chunk ends with a line's end.
    }
    return Found.LINE;
  }

  private Found end() {
    return tooLong ? Found.TOO_LONG : Found.END;
  }

  /** A cursor over the line that was found, the {@code number}th, valid until the next. */
  Cursor cursor(long number) {
    return new Cursor(new Cursor.Line("subject", number, chunk, from, to - from));
  }

  /** Whether a line is here already. */
  boolean hasNext() {
    return to < chunk.length || !read.isEmpty();
  }

  /** How the program ended, and what it said last on its standard error. */
  String epitaph() {
    String how;
    try {
      how =
          process.waitFor(1, TimeUnit.SECONDS)
              ? "ended with status " + process.exitValue()
              : "closed its output";
      complaintReader.join(Duration.ofMillis(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      how = "ended";
    }
    String words = lastWords();
    return words.isEmpty() ? how : how + ", saying: " + words;
  }

  /** The last line on standard error that is not empty. */
  private String lastWords() {
    synchronized (complaints) {
      String last = complaints.toString().strip().lines().reduce("", (a, b) -> b).strip();
      return last.length() > 200 ? last.substring(0, 200) + "..." : last;
    }
  }

  /** Ends the program, and what it has started. */
  @Override
  public void close() {
    finish();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    read.clear();
  }

  /** Waits for the program to end by itself, for at most {@code limit}. */
  boolean waitFor(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void write() {
    try (OutputStream out = process.getOutputStream()) {
      for (byte[] lines = toWrite.take(); lines.length > 0; lines = toWrite.take()) {
        out.write(lines);
        if (toWrite.isEmpty()) {
          out.flush();
        }
      }
    } catch (IOException e) {
      // It reads no more: the end of its output tells.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    byte[] buffer = new byte[CHUNK];
    int length = 0;
    try (InputStream in = process.getInputStream()) {
      while (true) {
        int count = in.read(buffer, length, buffer.length - length);
        if (count < 0) {
          break;
        }
        int end = lastLineEnd(buffer, length, length + count);
        length += count;
        if (end > 0) {
          read.put(Arrays.copyOf(buffer, end));
          System.arraycopy(buffer, end, buffer, 0, length - end);
          length -= end;
        } else if (length > LONGEST_LINE) {
          tooLong = true;
          return;
        } else if (length == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * length);
        }
      }
      if (length > 0) {
        // A last line without an end.
        byte[] last = Arrays.copyOf(buffer, length + 1);
        last[length] = '\n';
        read.put(last);
      }
    } catch (IOException e) {
      // As if it had ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tellEnd();
    }
  }

  private void tellEnd() {
    try {
      read.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int lastLineEnd(byte[] buffer, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private void readComplaints() {
    byte[] buffer = new byte[4096];
    try (InputStream in = process.getErrorStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (complaints) {
          complaints.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
          complaints.delete(0, Math.max(0, complaints.length() - LAST_WORDS));
        }
      }
    } catch (IOException e) {
      // It has been ended.
    }
  }
}
