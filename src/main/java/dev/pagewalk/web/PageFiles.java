package dev.pagewalk.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the page. Each is known by its name, so that no path leads anywhere else; they lie
 * in memory.
 */
final class PageFiles {
  /** The page's own files, in the folder {@code page}. */
  static final List<String> NAMES =
      List.of(
          "index.html",
          "style.css",
          "hardware.css",
          "main.js",
          "api.js",
          "dom.js",
          "grid.js",
          "walk.js",
          "hardware.js",
          "charts.js",
          "intro.js",
          "lessons.js",
          "icon.svg");

  /** Where the chart library lies in its jar. */
  private static final String CHART =
      "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

  /** A file, ready to be sent. */
  private static final class Ready {
    final byte[] bytes;
    final String type;
    final String tag;

    Ready(byte[] bytes, String type, String tag) {
      this.bytes = bytes;
      this.type = type;
      this.tag = tag;
    }
  }

  private final Map<String, Ready> files = new LinkedHashMap<>();

  PageFiles() {
    for (String name : NAMES) {
      files.put("/" + name, ready(Resources.bytes("page/" + name), name));
    }
    files.put("/", files.get("/index.html"));
    files.put("/chart.js", ready(Resources.bytes(CHART), "chart.js"));
  }

  /** Adds a route for each. */
  void addTo(RoutesConfig routes) {
    files.forEach((path, file) -> routes.get(path, ctx -> send(ctx, file)));
  }

  private static void send(Context ctx, Ready file) {
    ctx.header("ETag", file.tag).header("Cache-Control", "no-cache");
    if (file.tag.equals(ctx.header("If-None-Match"))) {
      ctx.status(304);
      return;
    }
    ctx.contentType(file.type).result(file.bytes);
  }

  private static Ready ready(byte[] bytes, String name) {
    String type =
        switch (name.substring(name.lastIndexOf('.'))) {
          case ".html" -> "text/html; charset=utf-8";
          case ".css" -> "text/css; charset=utf-8";
          case ".js" -> "text/javascript; charset=utf-8";
          default -> "image/svg+xml";
        };
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Ready(bytes, type, '"' + HexFormat.of().formatHex(digest, 0, 12) + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
