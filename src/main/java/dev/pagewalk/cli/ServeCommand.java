package dev.pagewalk.cli;

import dev.pagewalk.web.Server;
import java.awt.Desktop;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pagewalk serve}: the classroom, a page in the browser. */
@Command(
    name = "serve",
    description = {
      "Opens the classroom: a page in the browser that shows translations as they happen, and an"
          + " interface for programs."
    })
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "port to listen at (default: 8086; 0 for any that is free)")
  private int port = 8086;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "address to listen at (default: 127.0.0.1, this computer alone)")
  private String host = "127.0.0.1";

  @Option(names = "--open", description = "open the page in the browser")
  private boolean open;

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > 65535) {
      throw new IOException("--port: expected 0 to 65535, found " + port);
    }
    try (Server server = start()) {
      String address =
          "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
      terminal.out().println("The classroom is open: " + address + "/ (Ctrl-C ends it)");
      terminal.out().flush();
      if (open && Desktop.isDesktopSupported()) {
        Desktop.getDesktop().browse(URI.create(address));
      }
      new CountDownLatch(1).await();
    }
    return Main.OK;
  }

  private Server start() throws IOException {
    try {
      return Server.start(host, port);
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen at " + host + " port " + port + ": " + cause.getMessage(), e);
    }
  }
}
