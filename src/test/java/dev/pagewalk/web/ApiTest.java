package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.classroom.MachineLine;
import dev.pagewalk.machine.classroom.Scenario;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The interface for programs, over HTTP. */
final class ApiTest {
  private static final String ACCESS = "{'process':'A','kind':'%s','address':'%s'}";

  @AutoClose private static Server server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = Server.start("127.0.0.1", 0);
    client = new Client(server);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  @Test
  void theOpenApiDocumentHasTheRoutesAndNoOthers() throws Exception {
    Set<String> routes = new TreeSet<>();
    server
        .javalin()
        .unsafe
        .internalRouter
        .allHttpHandlers()
        .forEach(parsed -> {
          var endpoint = parsed.endpoint;
          if (endpoint.path.startsWith("/api/")) {
            routes.add(
                endpoint.method.name().toLowerCase(java.util.Locale.ROOT) + " " + endpoint.path);
          }
        });
    JsonNode document = client.get("/api/v1/openapi.json").json();
    Set<String> described = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .propertyNames()
                .forEach(method -> described.add(method + " " + path.getKey())));
    assertEquals(routes, described);
  }

  @Test
  void anAccessTellsTlbWalkFaultAndKernel() throws Exception {
    String machine = client.machine(json("{'preset':'fork-cow','statements':['fork A B']}"));
    JsonNode report =
        client.post(machine + "/accesses", json(ACCESS.formatted("write", "0x0"))).json();
    assertEquals("0x7", report.at("/attempts/0/outcome/error").asString());
    assertTrue(report.at("/attempts/0/kernel/0").asString().startsWith("Copy-on-write"));
    assertEquals("ok", report.get("outcome").asString());
    JsonNode state = client.get(machine).json();
    assertEquals(1, state.at("/figures/copies").asInt());
    assertEquals("writable", state.at("/processes/0/pages/0/state").asString());
    assertEquals(204, client.delete(machine).status());
    assertEquals(404, client.get(machine).status());
  }

  @Test
  void aWalkShowsTheWordsThatAreInMemory() throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    JsonNode before = client.get(machine + "/walk?process=A&address=0x1000").json();
    String bit = json("{'process':'A','address':'0x1000','level':'pt','bit':1}");
    assertEquals(200, client.post(machine + "/bits", bit).status());
    JsonNode after = client.get(machine + "/walk?process=A&address=0x1000").json();
    long was = Long.parseUnsignedLong(before.at("/tables/3/entry").asString().substring(2), 16);
    long is = Long.parseUnsignedLong(after.at("/tables/3/entry").asString().substring(2), 16);
    assertEquals(was ^ 2, is);
    assertTrue(client.get(machine).json().at("/tlbs/0/entries/0/stale").asBoolean());
  }

  @Test
  void aRegisterAndASystemCallAreStatementsToo() throws Exception {
    String machine = client.machine(json("{'preset':'smap'}"));
    client.post(machine + "/registers", json("{'register':'cr4.smap','value':'0'}"));
    client.post(machine + "/syscalls", json("{'call':'fork','process':'A','arguments':['C']}"));
    JsonNode state = client.get(machine).json();
    assertEquals(0, state.at("/registers/cr4.smap").asInt());
    assertEquals("C", state.at("/processes/1/name").asString());
  }

  @Test
  void aSnapshotMakesTheSameStateAnew() throws Exception {
    String machine = client.machine(json("{'preset':'swap'}"));
    for (int i = 0; i < 5; i++) {
      client.post(machine + "/next", "");
    }
    String snapshot = client.get(machine + "/snapshot").text();
    String again = client.machine(snapshot);
    assertEquals(stateOf(machine), stateOf(again));
    String other = client.machine(json("{'preset':'smap'}"));
    assertEquals(200, client.put(other + "/snapshot", snapshot).status());
    assertEquals(stateOf(machine), stateOf(other));
    String text = client.get(machine + "/scenario").text();
    JsonNode run = client.post("/api/v1/scenarios", text).json();
    assertTrue(run.get("met").asBoolean());
  }

  @Test
  void aSnapshotOfAnOwnScenarioKnowsWhatStillWaits() throws Exception {
    String text = "machine classroom frames=2\\nprocess A\\nbegin\\nmmap A 0x0 8K rw\\ntick";
    String machine = client.machine(json("{'scenario':'" + text + "'}"));
    client.post(machine + "/statements", json("{'statements':['tick']}"));
    String again = client.machine(client.get(machine + "/snapshot").text());
    assertEquals(stateOf(machine), stateOf(again));
    assertEquals("mmap A 0x0 8K rw", client.get(again).json().get("waiting").asString());
  }

  @Test
  void aSnapshotOfAnUndoneSetupIsOfWhatIsLeft() throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    client.post(machine + "/undo", "");
    String again = client.machine(client.get(machine + "/snapshot").text());
    assertEquals(2, client.get(again).json().get("position").asInt());
  }

  @Test
  void aPresetWithAnotherBeginningIsNoLongerThePreset() throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    client.post(machine + "/undo", "");
    assertEquals("stale-tlb", client.get(machine).json().get("preset").asString());
    client.post(machine + "/statements", json("{'statements':['write A 0x5000 1']}"));
    JsonNode state = client.get(machine).json();
    assertEquals("", state.get("preset").asString());
    assertTrue(state.get("scenario").asString().endsWith("write A 0x5000 1\n"));
    String again = client.machine(client.get(machine + "/snapshot").text());
    assertEquals(
        state.get("processes").toString(), client.get(again).json().get("processes").toString());
  }

  @Test
  void aSnapshotThatCannotBeRestoredChangesNothing() throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    String before = stateOf(machine);
    for (String bad :
        List.of(
            "{'preset':'none'}",
            "{'scenario':'raed'}",
            "{'scenario':'process A','statements':['read Z 0']}",
            "{'scenario':'process A','preset':'smap'}",
            "[]")) {
      Client.Answer answer = client.put(machine + "/snapshot", json(bad));
      assertTrue(answer.status() >= 400 && answer.status() < 500, answer.text());
      assertEquals(before, stateOf(machine));
    }
  }

  private static String stateOf(String machine) throws Exception {
    var state = (tools.jackson.databind.node.ObjectNode) client.get(machine).json();
    state.remove(List.of("id", "changes"));
    return state.toString();
  }

  @Test
  void theSweepOfBeladysAnomalyHasNineAndTenFaults() throws Exception {
    String machine = client.machine(json("{'preset':'belady'}"));
    for (int i = 0; i < 12; i++) {
      client.post(machine + "/next", "");
    }
    JsonNode points = client.get(machine + "/sweep").json().get("points");
    assertEquals(9, points.at("/2/minor").asInt() + points.at("/2/major").asInt());
    assertEquals(10, points.at("/3/minor").asInt() + points.at("/3/major").asInt());
  }

  @Test
  void aVectorIsJudgedAndItsWalkExplained() throws Exception {
    String vector = Files.readAllLines(Path.of("test-vectors/walk/tlb.jsonl")).getFirst();
    JsonNode result = client.post("/api/v1/vectors", vector).json();
    assertTrue(result.at("/answers/1/passed").asBoolean(), result.toString());
    assertTrue(result.at("/steps/0").asString().contains("read  PML4E"), result.toString());
    Client.Answer refused = client.post("/api/v1/vectors", vector.replace("\"cpu\"", "\"gpu\""));
    assertEquals(400, refused.status());
    assertTrue(refused.text().contains("unknown key"), refused.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/accesses | {'process':'A','kind':'read'} | expected the key address",
        "/accesses | {'process':'A','kind':'eat','address':'0'} | expected process, switch",
        "/accesses | {'process':'A','kind':'read','address':'zero'} | expected an address",
        "/accesses | {'process':'A','kind':'read','address':'0x1ffffffffffffffff'} | expected an"
            + " address",
        "/accesses | {'process':'A\\nexit A','kind':'read','address':'0'} | words without blanks",
        "/accesses | {'process':'A','kind':'read','address':'0','more':1} | unknown key",
        "/accesses | [[[[ | expected an object",
        "/bits | {'process':'A','address':'0','level':'pt','bit':64} | expected a bit, 0 to 63",
        "/bits | {'process':'A','address':'0','level':'pt','bit':99999999999999999999} | fewer"
            + " digits",
        "/registers | {'register':'rax','value':'0'} | expected one of",
        "/statements | {'statements':[null]} | null",
        "/statements | {'statements':['mmap A 0x0 9999999G rw']} | a size of 1 byte",
      })
  void badInputIsToldInOneSentence(String path, String body, String expected) throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    String before = stateOf(machine);
    Client.Answer answer = client.post(machine + path, json(body));
    assertEquals(400, answer.status(), answer.text());
    assertEquals("application/problem+json", answer.type());
    assertTrue(answer.json().get("detail").asString().contains(expected), answer.text());
    assertFalse(answer.text().contains("\tat "), "a stack trace");
    assertEquals(before, stateOf(machine));
  }

  @Test
  void whatCannotBeDoneNowChangesNothing() throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    String wanted = json("{'process':'Z','kind':'read','address':'0'}");
    assertEquals(409, client.post(machine + "/accesses", wanted).status());
    assertEquals(404, client.post("/api/v1/machines", json("{'preset':'none'}")).status());
    assertEquals(404, client.get("/api/v1/nothing").status());
    assertTrue(client.get("/../../etc/passwd").status() >= 400);
    assertTrue(client.get("/..%2f..%2fpom.xml").status() >= 400);
    assertEquals(413, client.post("/api/v1/scenarios", "#".repeat(1 << 19)).status());
  }

  @Test
  void operationsOfOneMachineComeOneAfterTheOther() throws Exception {
    String one = client.machine(json("{'preset':'thrashing'}"));
    String other = client.machine(json("{'preset':'thrashing'}"));
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String body = json(ACCESS.formatted("write", "0x" + i % 10 + "000"));
      work.add(() -> client.post(one + "/accesses", body).status());
      work.add(() -> client.post(other + "/accesses", body).status());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> status : threads.invokeAll(work)) {
        assertEquals(200, status.get());
      }
    }
    for (String machine : List.of(one, other)) {
      JsonNode state = client.get(machine).json();
      assertEquals(60, state.at("/figures/accesses").asInt());
      assertEquals(62, state.get("position").asInt());
      assertEquals(6, state.get("resident").asInt());
    }
  }

  @Test
  void eventsAreTold() throws Exception {
    String machine = client.machine(json("{'preset':'stale-tlb'}"));
    var address = URI.create("http://127.0.0.1:" + server.port() + machine + "/events");
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Accept", "text/event-stream").build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      var response = http.sendAsync(request, BodyHandlers.ofLines()).get(30, TimeUnit.SECONDS);
      try (Stream<String> lines = response.body()) {
        Iterator<String> events = lines.filter(text -> text.startsWith("data:")).iterator();
        assertEquals(
            "data: " + json("{'event':'listening','position':3,'changes':0}"), events.next());
        client.post(machine + "/next", "");
        client.post(machine + "/undo", "");
        client.delete(machine);
        assertEquals(
            "data: " + json("{'event':'statement','position':4,'changes':1}"), events.next());
        assertEquals("data: " + json("{'event':'undo','position':3,'changes':2}"), events.next());
        assertEquals("data: " + json("{'event':'closed','position':3,'changes':3}"), events.next());
        assertFalse(events.hasNext());
      }
      http.shutdownNow();
    }
  }

  @Test
  void aStreamThatCannotBeIsRefusedWithAStatus() throws Exception {
    assertEquals(404, client.get("/api/v1/machines/none/events").status());
    String machine = client.machine("{}");
    Client.Answer answer = client.get(machine + "/events");
    assertEquals(406, answer.status());
    assertTrue(answer.text().contains("text/event-stream"), answer.text());
  }

  @Test
  void thereAreOnlySoManyMachines() throws Exception {
    var limits = new Sessions.Limits(2, Duration.ofHours(1));
    try (Server small = Server.start(0, limits)) {
      Client to = new Client(small);
      String first = to.machine("{}");
      to.machine("{}");
      Client.Answer refused = to.post("/api/v1/machines", "{}");
      assertEquals(503, refused.status());
      assertTrue(refused.json().get("detail").asString().contains("at most 2 machines"));
      assertEquals(204, to.delete(first).status());
      assertNotEquals("", to.machine("{}"));
    }
  }

  @Test
  void machinesThatNobodyUsesEnd() throws Exception {
    try (Sessions sessions = new Sessions(new Sessions.Limits(2, Duration.ZERO))) {
      Session idle = sessions.create("", Scenario.empty(MachineLine.classroom()));
      sessions.expire();
      assertEquals(0, sessions.size());
      // Somebody may still have had it in hand: nothing of it may be touched any more.
      assertThrows(Problem.class, idle::state);
      assertThrows(Problem.class, idle::undo);
      assertThrows(Problem.class, () -> sessions.get(idle.id()));
    }
  }
}
