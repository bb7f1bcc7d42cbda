package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is sent, the server says what was wrong with it as problem+json, and stands. */
final class HostileTest {
  @AutoClose private static Server server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = Server.start("127.0.0.1", 0);
    client = new Client(server);
  }

  @AfterEach
  void theServerStands() throws Exception {
    assertEquals(200, client.get("/api/v1/presets").status());
  }

  /** An answer as it came. */
  private record Raw(int status, String head, String body) {
    static Raw of(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      int end = text.indexOf("\r\n\r\n");
      assertTrue(end > 0, "no answer: " + text);
      String head = text.substring(0, end);
      return new Raw(Integer.parseInt(head.split(" ", -1)[1]), head, text.substring(end + 4));
    }

    /** It is a problem with that status. */
    void isProblem(int wanted) {
      assertEquals(wanted, status, head + body);
      assertTrue(head.contains("application/problem+json"), head);
      JsonNode problem =
          JsonMapper.builder()
              .build()
              .readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1));
      assertEquals(wanted, problem.get("status").asInt());
      assertFalse(problem.get("detail").asString().isEmpty());
      assertFalse(body.contains("\tat "), body);
    }
  }

  /** Sends bytes and takes all that comes until the server closes. */
  private static Raw send(String head, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      try {
        out.write(body);
        out.flush();
      } catch (IOException _) {
        // It may have answered and closed already.
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(all);
      } catch (IOException _) {
        // What has come is looked at.
      }
      return Raw.of(all.toByteArray());
    }
  }

  private static Raw get(String path, String host) throws IOException {
    return send(
        "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n",
        new byte[0]);
  }

  private static Raw post(String path, byte[] body) throws IOException {
    return send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n",
        body);
  }

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String machine() throws Exception {
    return client.machine("{\"preset\":\"stale-tlb\"}");
  }

  @Test
  void itListensOnThisComputerAlone() throws Exception {
    for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : one.inetAddresses().toList()) {
        if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
          boolean reached;
          try (Socket socket = new Socket(address, server.port())) {
            reached = socket.isConnected();
          } catch (IOException _) {
            reached = false;
          }
          assertFalse(reached, "reached at " + address);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example", "evil.example:8086", "localhost.evil.example", "127.0.0.1.evil.example",
        "192.168.1.5:8086", "[2001:db8::1]:8086", "localhost:8086:evil", "127.0.0.1@evil.example"
      })
  void aNameThatSomebodyElsePointedHereIsRefused(String host) throws IOException {
    Raw answer = get("/api/v1/presets", host);
    assertTrue(answer.status() == 421 || answer.status() == 400, answer.head());
    answer.isProblem(answer.status());
    assertTrue(get("/", host).status() >= 400, "nor is the page shown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "127.0.0.1:80", "127.1.2.3", "[::1]", "[::1]:99"})
  void namesOfThisComputerAreTaken(String host) throws IOException {
    assertEquals(200, get("/api/v1/presets", host).status());
  }

  @Test
  void aServerForOthersAnswersToAnyName() throws Exception {
    try (Server open = Server.start("0.0.0.0", 0);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), open.port())) {
      String request =
          "GET /api/v1/presets HTTP/1.1\r\nHost: classroom.example\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertEquals(200, Raw.of(socket.getInputStream().readAllBytes()).status());
    }
  }

  @Test
  void aPageOfAnotherOriginCannotPost() throws IOException {
    String head =
        "POST /api/v1/machines HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\nContent-Type:"
            + " text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
    send(head.formatted(server.port(), "http://evil.example"), bytes("{}")).isProblem(403);
    send(head.formatted(server.port(), "null"), bytes("{}")).isProblem(403);
    String own = "http://localhost:" + server.port();
    assertEquals(201, send(head.formatted(server.port(), own), bytes("{}")).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'process':'A','kind':'read','address':'0','address':'1'} | Duplicate",
        "{'process':'A','kind':'read','address':0} | expected a string",
        "{'process':'A','kind':'read','address':null} | null",
        "{'process':'A','kind':'read','address':{}} | expected",
        "{'process':['A'],'kind':'read','address':'0'} | expected",
        "{'process':'A','kind':'read','address':1e999999999} | expected",
        "{'process':'A','kind':'read','address':'0'} {} | expected",
        "{'process':'A','kind':'read','address':'0' | expected",
        "{'__proto__':{},'process':'A','kind':'read','address':'0'} | unknown key",
        "nothing of the kind | expected",
        "'' | expected",
        "[] | expected",
        "NaN | expected",
      })
  void wrongJsonIsToldWithItsPlace(String body, String expected) throws Exception {
    Raw answer = post(machine() + "/accesses", bytes(body));
    answer.isProblem(400);
    assertTrue(answer.body().contains(expected), answer.body());
  }

  @Test
  void deepHugeAndBrokenBodiesAreRefused() throws Exception {
    String path = machine() + "/accesses";
    post(path, "[".repeat(100_000).getBytes(StandardCharsets.UTF_8)).isProblem(400);
    post(path, "{\"process\":".repeat(20_000).getBytes(StandardCharsets.UTF_8)).isProblem(400);
    String digits = "9".repeat(200_000);
    post(path, bytes("{'process':'A','kind':'read','address':" + digits + "}")).isProblem(400);
    post(path, bytes("{'process':'A','kind':'read','address':'" + digits + "'}")).isProblem(400);
    post(path, bytes("{'" + "k".repeat(100_000) + "':1}")).isProblem(400);
    byte[] broken = bytes("{'process':'?','kind':'read','address':'0'}");
    broken[12] = (byte) 0xff;
    post(path, broken).isProblem(400);
    post("/api/v1/scenarios", new byte[] {'#', (byte) 0xc3, (byte) 0x28}).isProblem(400);
    post("/api/v1/vectors", broken).isProblem(400);
    post(path, new byte[0]).isProblem(400);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedHoweverItIsSent() throws Exception {
    byte[] large = new byte[3 << 20];
    post("/api/v1/scenarios", large).isProblem(413);
    // Without a length: in pieces.
    StringBuilder pieces = new StringBuilder();
    String piece = "#".repeat(0x8000);
    pieces.append(("8000\r\n" + piece + "\r\n").repeat(40)).append("0\r\n\r\n");
    String head =
        String.join(
            "\r\n",
            "POST /api/v1/scenarios HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Transfer-Encoding: chunked",
            "",
            "");
    Raw answer = send(head, pieces.toString().getBytes(StandardCharsets.US_ASCII));
    answer.isProblem(413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/pom.xml",
        "/style.css/../../x",
        "/page/index.html",
        "/openapi.json",
        "/presets/nx.txt",
        "//etc/passwd",
        "/index.html%00.js",
        "/api/v1/presets/..%2f..%2fpage%2findex.html",
        "/api/v1/machines/../../x",
        "/%c0%ae%c0%ae/"
      })
  void noPathLeadsOut(String path) throws IOException {
    Raw answer = get(path, "localhost");
    assertTrue(answer.status() == 404 || answer.status() == 400, answer.head());
    answer.isProblem(answer.status());
  }

  @Test
  void requestsThatAreNoneAreRefused() throws Exception {
    send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", new byte[0]).isProblem(400);
    send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(100_000) + "\r\n\r\n", new byte[0])
        .isProblem(431);
    send(
            "BREW /api/v1/presets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            new byte[0])
        .isProblem(404);
    send("garbage\r\n\r\n", new byte[0]).isProblem(400);
    get(machine() + "/walk?process=A&address=" + "0".repeat(3000), "localhost").isProblem(400);
    get(machine() + "/walk", "localhost").isProblem(400);
    get(machine() + "/events", "localhost").isProblem(406);
    get("/api/v1/machines/0123456789abcdef", "localhost").isProblem(404);
  }

  @Test
  void thereAreLimitsToListenersStatementsAndSweeps() throws Exception {
    String machine = machine();
    List<Socket> listeners = new ArrayList<>();
    String listen =
        "GET "
            + machine
            + "/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + "Connection: close\r\n\r\n";
    try {
      for (int i = 0; i < 16; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        listeners.add(socket);
        socket.getOutputStream().write(listen.getBytes(StandardCharsets.US_ASCII));
        assertTrue(socket.getInputStream().read() > 0);
      }
      Thread.sleep(200);
      send(listen, new byte[0]).isProblem(503);
    } finally {
      for (Socket socket : listeners) {
        socket.close();
      }
    }
    StringBuilder many = new StringBuilder("{\"statements\":[\"tick\"");
    many.append(",\"tick\"".repeat(1000)).append("]}");
    post(machine + "/statements", bytes(many.toString())).isProblem(400);
    post("/api/v1/scenarios", bytes("machine classroom\n" + "tick\n".repeat(6000))).isProblem(400);
    String thousand = "{\"statements\":[\"tick\"" + ",\"tick\"".repeat(999) + "]}";
    assertEquals(200, post(machine + "/statements", bytes(thousand)).status());
    get(machine + "/sweep", "localhost").isProblem(409);
  }

  @Test
  void aThousandClientsAtOnceLeaveItStanding() throws Exception {
    String shared = machine();
    List<Callable<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      clients.add(() -> {
        byte[] body =
            bytes("{'process':'A','kind':'write','address':'0x%x'}".formatted(number % 16 * 4096));
        return switch (number % 4) {
          case 0 -> post("/api/v1/machines", bytes("{'preset':'nx'}")).status();
          case 1 -> post(shared + "/accesses", body).status();
          case 2 -> get(shared, "localhost").status();
          default -> get("/main.js", "localhost").status();
        };
      });
    }
    int[] seen = new int[600];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(clients)) {
        seen[status.get()]++;
      }
    }
    // Each has its answer; machines are refused beyond the limit and not otherwise.
    assertEquals(750, seen[200]);
    assertEquals(250, seen[201] + seen[503]);
    assertTrue(seen[201] > 0 && seen[201] <= 100, "machines made: " + seen[201]);
    assertEquals(250, client.get(shared).json().at("/figures/accesses").asInt() - 1);
    server.close();
    start();
  }
}
