package dev.pagewalk.web;

import io.javalin.http.Context;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Refuses what a page from elsewhere may have a browser send: requests under a name that somebody
 * else has pointed at this computer (DNS rebinding), and requests of another origin.
 */
final class Gate {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost\\.?|127(\\.[0-9]{1,3}){3}|\\[?::1]?");

  private final boolean loopbackOnly;

  /**
   * A gate of a server that listens at {@code host}. At an address that others can reach, any name
   * may be the right one.
   */
  Gate(String host) {
    this.loopbackOnly = isLoopback(host);
  }

  /** Whether a name or address stands for this computer and no other. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  /**
   * Lets a request pass.
   *
   * @throws Problem 421 or 403 if not
   */
  void check(Context ctx) {
    String host = ctx.header("Host");
    String authority = host == null ? "" : host;
    if (loopbackOnly && !isLoopback(withoutPort(authority))) {
      throw new Problem(
          421,
          "Not this host",
          "expected a Host header that names this computer: localhost, 127.0.0.1 or [::1];"
              + " with --host the server answers to other names too");
    }
    String origin = ctx.header("Origin");
    boolean own = ("http://" + authority).equals(origin) || ("https://" + authority).equals(origin);
    if (origin != null && !own) {
      throw new Problem(
          403, "Of another origin", "expected requests of this server's own pages and of programs");
    }
  }

  private static String withoutPort(String authority) {
    int end = authority.lastIndexOf(':');
    boolean port = end > authority.lastIndexOf(']') && authority.indexOf(':') == end;
    return port || (end > 0 && authority.charAt(end - 1) == ']')
        ? authority.substring(0, end)
        : authority;
  }
}
