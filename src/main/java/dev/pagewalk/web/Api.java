package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.Lessons;
import dev.pagewalk.machine.classroom.MachineLine;
import dev.pagewalk.machine.classroom.Presets;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import dev.pagewalk.machine.classroom.Statement;
import dev.pagewalk.machine.classroom.Sweep;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The interface for programs: what each route does. {@code openapi.json} describes it. */
final class Api {
  private static final String MACHINE = "/api/v1/machines/{id}";

  private final Sessions sessions;
  private final Vectors vectors = new Vectors();

  Api(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Adds the routes. */
  void addTo(RoutesConfig routes) {
    routes.get("/api/v1/openapi.json", this::openApi);
    routes.get("/api/v1/presets", ctx -> answer(ctx, 200, presets()));
    routes.get("/api/v1/presets/{name}", this::preset);
    routes.get("/api/v1/lessons", ctx -> answer(ctx, 200, LessonViews.all()));
    routes.post("/api/v1/vectors", this::vector);
    routes.post("/api/v1/scenarios", this::runScenario);
    routes.post("/api/v1/machines", this::create);
    routes.get(MACHINE, ctx -> answer(ctx, 200, session(ctx).state()));
    routes.delete(MACHINE, this::delete);
    routes.post(MACHINE + "/statements", this::statements);
    routes.post(
        MACHINE + "/accesses",
        ctx -> perform(ctx, Json.read(Bodies.read(ctx), Requests.Access.class).line()));
    routes.post(
        MACHINE + "/bits",
        ctx -> perform(ctx, Json.read(Bodies.read(ctx), Requests.Bit.class).line()));
    routes.post(
        MACHINE + "/registers",
        ctx -> perform(ctx, Json.read(Bodies.read(ctx), Requests.Register.class).line()));
    routes.post(
        MACHINE + "/syscalls",
        ctx -> perform(ctx, Json.read(Bodies.read(ctx), Requests.Syscall.class).line()));
    routes.post(MACHINE + "/next", this::next);
    routes.post(MACHINE + "/undo", ctx -> moved(ctx, session(ctx).undo()));
    routes.post(MACHINE + "/redo", ctx -> moved(ctx, session(ctx).redo()));
    routes.get(MACHINE + "/walk", this::walk);
    routes.get(MACHINE + "/sweep", this::sweep);
    routes.get(MACHINE + "/lessons/{name}", this::lesson);
    routes.get(MACHINE + "/snapshot", ctx -> answer(ctx, 200, session(ctx).snapshot()));
    routes.put(MACHINE + "/snapshot", this::restore);
    routes.get(MACHINE + "/scenario", this::export);
    SseHandler events = new SseHandler(this::events);
    routes.get(MACHINE + "/events", ctx -> listen(ctx, events));
  }

  private Session session(Context ctx) {
    return sessions.get(ctx.pathParam("id"));
  }

  /** Sends {@code document}. */
  static void answer(Context ctx, int status, Object document) {
    ctx.status(status).contentType("application/json").result(Json.write(document));
  }

  private void openApi(Context ctx) {
    ctx.contentType("application/json").result(Resources.bytes("openapi.json"));
  }

  private static List<Object> presets() {
    List<Object> list = new ArrayList<>();
    Presets.all().forEach((name, scenario) -> list.add(preset(name, scenario).map()));
    return list;
  }

  private static Doc preset(String name, Scenario scenario) {
    return new Doc()
        .put("name", name)
        .put("title", scenario.title())
        .put("watch", scenario.watch())
        .put("surprise", scenario.surprise());
  }

  private void preset(Context ctx) {
    String name = ctx.pathParam("name");
    Scenario scenario = presetOf(name);
    answer(ctx, 200, preset(name, scenario).put("scenario", Presets.text(name)).map());
  }

  private static Scenario presetOf(String name) {
    Scenario scenario = Presets.all().get(name);
    if (scenario == null) {
      throw new Problem(
          404, "No such preset", "expected one of " + String.join(", ", Presets.NAMES));
    }
    return scenario;
  }

  private void vector(Context ctx) {
    answer(ctx, 200, vectors.judge(Bodies.read(ctx)));
  }

  private void create(Context ctx) throws ScenarioException {
    byte[] body = Bodies.read(ctx);
    Requests.NewMachine wanted =
        body.length == 0
            ? new Requests.NewMachine(null, null, null)
            : Json.read(body, Requests.NewMachine.class);
    Scenario scenario = scenario(wanted);
    String preset = wanted.preset() == null ? "" : wanted.preset();
    List<Scenario.Step> steps = steps(wanted.statements());
    Session session = sessions.create(preset, scenario);
    boolean made = false;
    try {
      for (Scenario.Step step : steps) {
        session.perform(step);
      }
      made = true;
    } finally {
      if (!made) {
        sessions.remove(session.id());
      }
    }
    ctx.header("Location", "/api/v1/machines/" + session.id());
    answer(ctx, 201, session.state());
  }

  private static Scenario scenario(Requests.NewMachine wanted) throws ScenarioException {
    if (wanted.preset() != null) {
      return presetOf(wanted.preset());
    }
    return wanted.scenario() == null
        ? Scenario.empty(MachineLine.classroom())
        : Scenario.parse(wanted.scenario());
  }

  private void restore(Context ctx) throws ScenarioException {
    Session session = session(ctx);
    var wanted = Json.read(ctx.bodyAsBytes(), Requests.NewMachine.class);
    String preset = wanted.preset() == null ? "" : wanted.preset();
    session.restore(preset, scenario(wanted), steps(wanted.statements()));
    answer(ctx, 200, session.state());
  }

  private static List<Scenario.Step> steps(List<String> lines) throws ScenarioException {
    List<Scenario.Step> steps = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      steps.add(Scenario.Step.parse(lines.get(i), i + 1));
    }
    return steps;
  }

  private void delete(Context ctx) {
    sessions.remove(ctx.pathParam("id"));
    ctx.status(204);
  }

  private void perform(Context ctx, String line) throws ScenarioException {
    Report report = session(ctx).perform(Scenario.Step.parse(line, 1));
    answer(ctx, 200, ReportView.full(report));
  }

  private void statements(Context ctx) throws ScenarioException {
    Session session = session(ctx);
    var wanted = Json.read(Bodies.read(ctx), Requests.Statements.class);
    List<Scenario.Step> steps = steps(wanted.statements());
    List<Object> reports = new ArrayList<>();
    for (Scenario.Step step : steps) {
      reports.add(ReportView.full(session.perform(step)));
    }
    answer(ctx, 200, Map.of("reports", reports));
  }

  private void next(Context ctx) throws ScenarioException {
    Report report = session(ctx).next();
    answer(
        ctx, 200, Map.of("reports", report == null ? List.of() : List.of(ReportView.full(report))));
  }

  private static void moved(Context ctx, boolean moved) {
    answer(ctx, 200, Map.of("moved", moved));
  }

  private void walk(Context ctx) throws ScenarioException {
    String kind = parameter(ctx, "kind", "read");
    String as = parameter(ctx, "as", "user");
    var access =
        new Requests.Access(
            parameter(ctx, "process", ""), kind, parameter(ctx, "address", ""), null, as);
    var step = Scenario.Step.parse(access.line(), 1);
    if (!(step.statement() instanceof Statement.Access wanted)) {
      throw new Problem(400, "Not an access", "kind: expected read, write or fetch");
    }
    answer(ctx, 200, session(ctx).walk(wanted));
  }

  private static String parameter(Context ctx, String name, String otherwise) {
    String value = ctx.queryParam(name);
    return value == null ? otherwise : value;
  }

  private void lesson(Context ctx) throws ScenarioException {
    Lessons.Lesson lesson = LessonViews.get(ctx.pathParam("name"));
    boolean done = session(ctx).look(room -> lesson.done().test(room));
    answer(ctx, 200, Map.of("name", lesson.name(), "done", done));
  }

  private void sweep(Context ctx) throws ScenarioException {
    List<Object> points = new ArrayList<>();
    Session session = session(ctx);
    for (Sweep.Point point : Sweep.of(session.scenario().machine(), session.steps())) {
      points.add(
          new Doc()
              .put("frames", point.frames())
              .put("minor", point.figures().minor())
              .put("major", point.figures().major())
              .put("evictions", point.figures().evictions())
              .put("accesses", point.figures().accesses())
              .put("nanoseconds", point.figures().nanoseconds())
              .map());
    }
    answer(ctx, 200, new Doc().put("points", points).map());
  }

  private void export(Context ctx) {
    ctx.contentType("text/plain; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"scenario.txt\"")
        .result(session(ctx).export());
  }

  private void runScenario(Context ctx) throws ScenarioException {
    Scenario scenario = Scenario.parse(Bodies.text(ctx));
    List<Object> reports = new ArrayList<>();
    boolean met = true;
    try (Session session = new Session("", "", Scenario.empty(scenario.machine()))) {
      for (Scenario.Step step : scenario.steps()) {
        Report report = session.perform(step);
        reports.add(ReportView.line(report));
        met &= !report.outcome().equals(Report.FAILED);
      }
    }
    answer(ctx, 200, new Doc().put("met", met).put("reports", reports).map());
  }

  /** What cannot be is said before the stream begins. */
  private void listen(Context ctx, SseHandler events) {
    Session session = session(ctx);
    String accepted = ctx.header("Accept");
    if (accepted == null || !accepted.contains("text/event-stream")) {
      throw new Problem(406, "Events only", "expected the header Accept: text/event-stream");
    }
    session.checkListeners();
    events.handle(ctx);
  }

  private void events(SseClient client) {
    Session session = session(client.ctx());
    EventStream stream = new EventStream();
    Runnable stop = session.listen(stream);
    try {
      stream.send(client);
    } finally {
      stop.run();
    }
  }
}
