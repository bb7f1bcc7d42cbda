package dev.pagewalk.vectors;

import dev.pagewalk.arch.ModelPresets;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A program that answers as the reference walk does, but for the vectors whose question contains
 * some text: there it does what the first argument says.
 */
final class PlantedSubject {
  private PlantedSubject() {}

  /** The command that starts it. */
  static String command(String mischief, String marker) {
    return "'%s' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp '%s' %s %s '%s'"
        .formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            PlantedSubject.class.getName(),
            mischief,
            marker);
  }

  public static void main(String[] arguments) throws Exception {
    OutputStream out =
        switch (arguments[0]) {
          case "in-pieces" -> new Pieces(System.out, 0);
          case "slow" -> new Pieces(System.out, 5);
          default -> System.out;
        };
    try (SubjectServer server = SubjectServer.spec(ModelPresets.SDM, "planted")) {
      server.serve(new Marked(arguments[0], arguments[1], out), out);
    }
  }

  /** Hands over each answer by itself, after a while, or byte by byte. */
  private static final class Pieces extends FilterOutputStream {
    private final long millis;

    Pieces(OutputStream out, long millis) {
      super(out);
      this.millis = millis;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int i = from; i < from + length; i++) {
        out.write(bytes[i]);
        if (millis == 0) {
          out.flush();
        } else if (bytes[i] == '\n') {
          out.flush();
          Marked.sleep(millis);
        }
      }
    }
  }

  /** Standard input, line by line, with something done at the lines that are marked. */
  private static final class Marked extends InputStream {
    private final String mischief;
    private final String marker;
    private final OutputStream out;
    private InputStream line = InputStream.nullInputStream();

    Marked(String mischief, String marker, OutputStream out) {
      this.mischief = mischief;
      this.marker = marker;
      this.out = out;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = line.read(buffer, offset, length);
      if (count > 0) {
        return count;
      }
      byte[] next = nextLine();
      if (next.length == 0) {
        return -1;
      }
      String text = new String(next, StandardCharsets.UTF_8);
      boolean isMarked = mischief.equals("once") ? isTenth(text) : text.contains(marker);
      if (isMarked) {
        misbehave();
      }
      line = new ByteArrayInputStream(next);
      return line.read(buffer, offset, length);
    }

    /** Of the whole run, not of this program: asked again it has another number. */
    private static boolean isTenth(String text) {
      return text.contains("\"vector\":9,");
    }

    private static byte[] nextLine() throws IOException {
      var bytes = new java.io.ByteArrayOutputStream();
      for (int b = System.in.read(); b >= 0; b = System.in.read()) {
        bytes.write(b);
        if (b == '\n') {
          break;
        }
      }
      return bytes.toByteArray();
    }

    private void misbehave() throws IOException {
      switch (mischief) {
        case "end", "once" -> {
          System.err.println("out of ideas");
          System.exit(7);
        }
        case "in-pieces", "slow" -> {}
        case "hang" -> sleep(100_000);
        case "half-line" -> {
          say("{\"vector\":0,\"outc");
          System.exit(0);
        }
        case "half-line-hang" -> {
          say("{\"vector\":0,\"outc");
          sleep(100_000);
        }
        case "two-halves" -> say("{\"vector\":0,\"outc");
        case "shout" -> System.err.println("x".repeat(5 << 20));
        case "flood-forever" -> {
          while (true) {
            say("{\"vector\":123456,\"outcomes\":[]}\n");
          }
        }
        case "binary" -> {
          out.write(new byte[] {0, 1, (byte) 0xff, (byte) 0xfe, '\n'});
          out.flush();
        }
        case "rubbish" -> say("{\"vector\": what?\n");
        case "unasked" -> say("{\"vector\":123456,\"outcomes\":[]}\n");
        case "too-few" -> say("{\"vector\":0,\"outcomes\":[]}\n");
        case "flood" -> {
          for (int i = 0; i < 100_000; i++) {
            say("{\"vector\":123456,\"outcomes\":[]}\n");
          }
        }
        case "long-line" -> say("x".repeat(2 << 20));
        default -> throw new IllegalArgumentException(mischief);
      }
    }

    private void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    private static void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
