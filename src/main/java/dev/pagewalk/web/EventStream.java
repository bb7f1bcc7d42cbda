package dev.pagewalk.web;

import io.javalin.http.sse.SseClient;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What one listener is still to be told. The machine puts events down and goes on; who reads too
 * slowly is dropped, and who has gone is found out by a heartbeat.
 */
final class EventStream {
  private static final int MOST_WAITING = 1000;
  private static final int HEARTBEAT_SECONDS = 10;

  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private volatile boolean ended;

  /** Puts an event down. */
  void put(String event) {
    if (!waiting.offer(event)) {
      ended = true;
    }
  }

  /** No event will follow. */
  void end() {
    ended = true;
    // Wakes the one who sends; if there is no room, it is awake.
    waiting.offer("");
  }

  /** Sends events until there are no more, or nobody who listens. */
  void send(SseClient client) {
    try {
      while (!client.terminated()) {
        String event = waiting.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
          client.sendComment("still here");
        } else if (!event.isEmpty()) {
          client.sendEvent("machine", event);
        }
        if (ended && waiting.isEmpty()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
