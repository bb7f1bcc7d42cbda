package dev.pagewalk.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a server as a program does. */
final class Client {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String root;

  Client(Server server) {
    root = "http://127.0.0.1:" + server.port();
  }

  /** An answer: status, type, and its JSON. */
  record Answer(int status, String type, String text) {
    JsonNode json() {
      return MAPPER.readTree(text);
    }
  }

  Answer get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(root + path)).GET());
  }

  Answer post(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(root + path)).POST(BodyPublishers.ofString(body)));
  }

  Answer put(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(root + path)).PUT(BodyPublishers.ofString(body)));
  }

  Answer delete(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(root + path)).DELETE());
  }

  /** The path of a new machine. */
  String machine(String wanted) throws Exception {
    Answer answer = post("/api/v1/machines", wanted);
    if (answer.status != 201) {
      throw new AssertionError(answer.text);
    }
    return "/api/v1/machines/" + answer.json().get("id").asString();
  }

  private Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    String type = response.headers().firstValue("Content-Type").orElse("");
    return new Answer(response.statusCode(), type, response.body());
  }
}
