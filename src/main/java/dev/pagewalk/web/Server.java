package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.Presets;
import dev.pagewalk.machine.classroom.ScenarioException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The server of the classroom: pages, and the interface for programs. */
public final class Server implements AutoCloseable {
  /** Largest body of a request, in bytes. */
  static final long MOST_BODY = 1 << 18;

  /** How many connections may wait to be accepted. */
  private static final int WAITING = 1024;

  private final Sessions sessions;
  private final Gate gate;
  private final Javalin javalin;

  private Server(String host, int port, Sessions.Limits limits) {
    this.sessions = new Sessions(limits);
    this.gate = new Gate(host);
    this.javalin =
        Javalin.create(config -> {
          configure(config);
          config.jetty.addConnector((jetty, http) -> connector(jetty, http, host, port));
        });
    javalin.start();
    Thread.ofVirtual().start(Server::warmUp);
  }

  /** The first page should not wait for classes to be loaded. */
  private static void warmUp() {
    try (Session session = new Session("", "", Presets.all().get("fork-cow"))) {
      while (session.waiting() != null) {
        session.next();
      }
      session.undo();
      Json.write(session.state());
    } catch (ScenarioException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Starts a server.
   *
   * @param host the address to listen at, {@code 127.0.0.1} for this computer alone
   * @param port 0 for any that is free
   */
  public static Server start(String host, int port) {
    return new Server(host, port, Sessions.Limits.USUAL);
  }

  /** The same with other limits. */
  static Server start(int port, Sessions.Limits limits) {
    return new Server("127.0.0.1", port, limits);
  }

  /** The port that it listens at. */
  public int port() {
    return javalin.port();
  }

  Javalin javalin() {
    return javalin;
  }

  @Override
  public void close() {
    sessions.close();
    javalin.stop();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.jetty.threadPool = threads();
    config.jetty.modifyServer(jetty -> jetty.setErrorHandler(new RefusalPages()));
    config.http.maxRequestSize = MOST_BODY;
    config.routes.before(Server::secure);
    config.routes.before(gate::check);
    new Api(sessions).addTo(config.routes);
    new PageFiles().addTo(config.routes);
    config.routes.exception(Problem.class, (e, ctx) -> tell(ctx, e));
    config.routes.exception(ScenarioException.class, (e, ctx) -> tell(ctx, Problem.of(e)));
    config.routes.exception(
        HttpResponseException.class,
        (e, ctx) -> tell(ctx, new Problem(e.getStatus(), "Request refused", e.getMessage())));
    config.routes.exception(
        Exception.class,
        (e, ctx) ->
            tell(ctx, new Problem(500, "A bug of ours", "expected nothing of the kind: " + e)));
  }

  /** Where it listens; a thousand who come at once wait in the queue of the system. */
  private static ServerConnector connector(
      org.eclipse.jetty.server.Server jetty, HttpConfiguration http, String host, int port) {
    ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(WAITING);
    return connector;
  }

  /** Selectors on threads of the system, requests on virtual ones: a thousand may wait. */
  private static QueuedThreadPool threads() {
    QueuedThreadPool pool = new QueuedThreadPool(16, 2);
    pool.setName("classroom");
    pool.setDaemon(true);
    pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return pool;
  }

  /** Nothing from elsewhere is loaded or run, and no other page may have this one in a frame. */
  private static void secure(Context ctx) {
    ctx.header(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:;" + " frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }

  private static void tell(Context ctx, Problem problem) {
    ctx.status(problem.status())
        .contentType("application/problem+json")
        .result(Json.write(problem.document()));
  }
}
