package dev.pagewalk.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, driven over the DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int PATIENCE_SECONDS = 30;

  private final Path profile;
  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

  private Browser(Path program) throws Exception {
    profile = Files.createTempDirectory("pagewalk-browser");
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    // Tests that are interrupted leave no browser behind.
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(pageAddress()), new Listener())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    send("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
    send("Page.enable", "{}");
    send("Runtime.enable", "{}");
    send("Log.enable", "{}");
  }

  /** The Chromium on the PATH; null if there is none. */
  static Path find() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /** Starts it. */
  static Browser start() throws Exception {
    return new Browser(find());
  }

  /** Errors of pages since they were asked for last: in the console, or that nobody caught. */
  List<String> errors() {
    List<String> taken = List.copyOf(errors);
    errors.clear();
    return taken;
  }

  /** Opens a page anew and waits until it says that it is ready. */
  void open(String address) throws Exception {
    send("Page.navigate", "{\"url\":\"about:blank\"}");
    send("Page.navigate", MAPPER.writeValueAsString(Map.of("url", address)));
    waitFor("document.body && document.body.dataset.ready === 'true'");
  }

  /** The width and height of the window, in CSS pixels. */
  void size(int width, int height) throws Exception {
    send(
        "Emulation.setDeviceMetricsOverride",
        "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}"
            .formatted(width, height));
  }

  /** Has pages believe that these colours are wanted, and that motion is or is not. */
  void prefer(String colours, boolean motion) throws Exception {
    var features =
        List.of(
            Map.of("name", "prefers-color-scheme", "value", colours),
            Map.of("name", "prefers-reduced-motion", "value", motion ? "no-preference" : "reduce"));
    send("Emulation.setEmulatedMedia", MAPPER.writeValueAsString(Map.of("features", features)));
  }

  /** Has colours drawn as people see them who cannot tell all of them apart; "none" for all. */
  void seeAs(String deficiency) throws Exception {
    send("Emulation.setEmulatedVisionDeficiency", "{\"type\":\"" + deficiency + "\"}");
  }

  /** Has this done in each page before its own scripts. */
  void before(String script) throws Exception {
    send(
        "Page.addScriptToEvaluateOnNewDocument",
        MAPPER.writeValueAsString(Map.of("source", script)));
  }

  /** Waits until an expression is true; the page looks by itself, so that no time is lost. */
  void waitFor(String expression) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String look =
        """
        new Promise((told) => {
          const end = performance.now() + 2000;
          const look = () => {
            if (%s) told(true);
            else if (performance.now() > end) told(false);
            else setTimeout(look, 4);
          };
          look();
        })\
        """
            .formatted(expression);
    while (!isTrue(look)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "never true: "
                + expression
                + "; message: "
                + evaluate("document.getElementById('message')?.textContent ?? ''")
                + "; errors: "
                + errors());
      }
    }
  }

  /** Whether an expression is true; false too if the page was left meanwhile. */
  private boolean isTrue(String expression) throws Exception {
    try {
      return evaluate(expression).asBoolean();
    } catch (PageLeft _) {
      return false;
    }
  }

  /** The page was left while it worked something out. */
  private static final class PageLeft extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PageLeft(String message) {
      super(message);
    }
  }

  /** The value of an expression. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode answer =
        send(
            "Runtime.evaluate",
            MAPPER.writeValueAsString(
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true)));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /** The same as text. */
  String text(String expression) throws Exception {
    return evaluate(expression).asString();
  }

  /**
   * Presses a key where the focus is.
   *
   * @param modifiers 1 Alt, 2 Ctrl, 8 Shift
   */
  void press(String key, int modifiers) throws Exception {
    int code =
        switch (key) {
          case "Enter" -> 13;
          case "Tab" -> 9;
          case " " -> 32;
          case "End" -> 35;
          case "Home" -> 36;
          case "ArrowLeft" -> 37;
          case "ArrowUp" -> 38;
          case "ArrowRight" -> 39;
          case "ArrowDown" -> 40;
          default -> key.toUpperCase(java.util.Locale.ROOT).charAt(0);
        };
    boolean types = key.length() == 1 && modifiers == 0;
    String text = key.equals("Enter") ? "\r" : types ? key : "";
    for (String type : List.of("keyDown", "keyUp")) {
      Map<String, Object> event = new java.util.LinkedHashMap<>();
      event.put("type", type);
      event.put("key", key);
      event.put("code", key);
      event.put("windowsVirtualKeyCode", code);
      event.put("modifiers", modifiers);
      if (type.equals("keyDown") && !text.isEmpty()) {
        event.put("text", text);
      }
      send("Input.dispatchKeyEvent", MAPPER.writeValueAsString(event));
    }
  }

  /** Types a text where the focus is. */
  void type(String text) throws Exception {
    send("Input.insertText", MAPPER.writeValueAsString(Map.of("text", text)));
  }

  /** Keeps a picture of the whole page. */
  void picture(Path file) throws Exception {
    keep(file, "{\"format\":\"png\",\"captureBeyondViewport\":true}");
  }

  /** Keeps a picture of what a window of that size shows, smaller by {@code scale}. */
  void windowPicture(Path file, int width, int height, double scale) throws Exception {
    var clip = Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", scale);
    keep(file, MAPPER.writeValueAsString(Map.of("format", "png", "clip", clip)));
  }

  private void keep(Path file, String how) throws Exception {
    JsonNode answer = send("Page.captureScreenshot", how);
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(answer.get("data").asString()));
  }

  private JsonNode send(String method, String parameters) throws Exception {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    socket
        .sendText(
            "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters), true)
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PageLeft left ? left : e;
    } catch (TimeoutException e) {
      throw new AssertionError("no answer from Chromium to " + method + " " + parameters, e);
    }
  }

  /** Where the one page listens. */
  private String pageAddress() throws Exception {
    Path ports = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(ports) || Files.readAllLines(ports).isEmpty()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new IOException(
            "Chromium did not start: " + Files.readString(profile.resolve("log")));
      }
      Thread.sleep(50);
    }
    String port = Files.readAllLines(ports).getFirst();
    while (System.nanoTime() < end) {
      byte[] list =
          URI.create("http://127.0.0.1:" + port + "/json/list").toURL().openStream().readAllBytes();
      for (JsonNode target : MAPPER.readTree(new String(list, StandardCharsets.UTF_8))) {
        if (target.path("type").asString().equals("page")) {
          return target.get("webSocketDebuggerUrl").asString();
        }
      }
      Thread.sleep(50);
    }
    throw new TimeoutException("Chromium has no page");
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    kill();
    process.onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      files
          .sorted(Collections.reverseOrder())
          .forEach(file -> {
            if (!file.toFile().delete()) {
              file.toFile().deleteOnExit();
            }
          });
    }
  }

  /** What Chromium says. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        JsonNode told = MAPPER.readTree(message.toString());
        message.setLength(0);
        take(told);
      }
      from.request(1);
      return null;
    }

    private void take(JsonNode told) {
      if (told.has("id")) {
        CompletableFuture<JsonNode> answer = asked.remove(told.get("id").asInt());
        if (told.has("error")) {
          answer.completeExceptionally(new PageLeft(told.get("error").toString()));
        } else {
          answer.complete(told.path("result"));
        }
        return;
      }
      JsonNode details = told.path("params");
      switch (told.path("method").asString()) {
        case "Runtime.exceptionThrown" -> errors.add(details.toString());
        case "Runtime.consoleAPICalled" -> {
          if (details.path("type").asString().equals("error")) {
            errors.add(details.toString());
          }
        }
        case "Log.entryAdded" -> {
          if (details.path("entry").path("level").asString().equals("error")) {
            errors.add(details.toString());
          }
        }
        default -> {}
      }
    }
  }
}
