package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All sessions of a server. Those that nobody uses end; there are only so many. */
final class Sessions implements AutoCloseable {
  /**
   * How many there may be, and for how long.
   *
   * @param most sessions at a time
   * @param idle after which one may be ended
   */
  record Limits(int most, Duration idle) {
    /** For a class. */
    static final Limits USUAL = new Limits(100, Duration.ofMinutes(60));
  }

  private final Limits limits;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /** Those that are being made, which count too. */
  private final AtomicInteger making = new AtomicInteger();

  private final SecureRandom random = new SecureRandom();

  Sessions(Limits limits) {
    this.limits = limits;
  }

  /**
   * A new session.
   *
   * @throws Problem 503 if there are too many
   */
  Session create(String preset, Scenario scenario) throws ScenarioException {
    expire();
    if (sessions.size() + making.incrementAndGet() > limits.most) {
      making.decrementAndGet();
      throw new Problem(
          503,
          "Too many machines",
          "expected at most "
              + limits.most
              + " machines at a time; delete one, or wait for one to expire");
    }
    try {
      byte[] bytes = new byte[8];
      random.nextBytes(bytes);
      Session session = new Session(HexFormat.of().formatHex(bytes), preset, scenario);
      sessions.put(session.id(), session);
      return session;
    } finally {
      making.decrementAndGet();
    }
  }

  /**
   * The session of that name.
   *
   * @throws Problem 404 if there is none
   */
  Session get(String id) {
    Session session = sessions.get(id);
    if (session == null) {
      throw new Problem(
          404, "No such machine", "expected the id of a machine that exists; it may have expired");
    }
    return session;
  }

  /** Ends a session. */
  void remove(String id) {
    get(id);
    Session session = sessions.remove(id);
    if (session != null) {
      session.close();
    }
  }

  int size() {
    return sessions.size();
  }

  /** Ends the sessions that nobody has used for too long. */
  void expire() {
    long now = System.nanoTime();
    for (Session session : List.copyOf(sessions.values())) {
      boolean idle = now - session.lastUse() > limits.idle.toNanos();
      if (idle && sessions.remove(session.id(), session)) {
        session.close();
      }
    }
  }

  @Override
  public void close() {
    for (Session session : List.copyOf(sessions.values())) {
      if (sessions.remove(session.id(), session)) {
        session.close();
      }
    }
  }
}
