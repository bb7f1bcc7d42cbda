package dev.pagewalk.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** A server, and a browser that visits its page. */
final class Visit implements AutoCloseable {
  final Server server;
  final Browser browser;
  final Client client;

  private Visit(Server server, Browser browser) {
    this.server = server;
    this.browser = browser;
    this.client = new Client(server);
  }

  /** Starts both; where there is no Chromium the tests are skipped, and say so. */
  static Visit begin() throws Exception {
    assumeTrue(
        Browser.find() != null,
        "no chromium on the PATH: the page is not tried in a browser (Debian: apt-get install"
            + " chromium)");
    Server server = Server.start("127.0.0.1", 0);
    Visit visit = new Visit(server, Browser.start());
    visit.browser.size(1280, 900);
    visit.browser.prefer("light", false);
    visit.browser.before("try { localStorage.setItem('pagewalk.intro.closed', 'yes') } catch {}");
    return visit;
  }

  /** Opens a preset. */
  void open(String preset) throws Exception {
    openHash("#preset=" + preset);
  }

  /** Opens the page with what stands behind its address. */
  void openHash(String hash) throws Exception {
    browser.open("http://127.0.0.1:" + server.port() + "/" + hash);
  }

  /** Waits until the page has shown what came of the last action. */
  void idle() throws Exception {
    browser.waitFor("!document.body.hasAttribute('aria-busy')");
  }

  /** Presses what {@code selector} finds, with the mouse. */
  void click(String selector) throws Exception {
    click(selector, "");
  }

  /** The same with {@code shiftKey} or {@code altKey} held. */
  void click(String selector, String key) throws Exception {
    String with = key.isEmpty() ? "" : key + ":true,";
    browser.evaluate(
        """
        (() => {
          const found = document.querySelector(`%s`);
          if (!found) throw new Error("there is no %s");
          if (found.disabled) throw new Error("disabled: %s");
          found.dispatchEvent(new MouseEvent("click", {%s bubbles: true, cancelable: true}));
        })()\
        """
            .formatted(selector, selector.replace('"', '\''), selector.replace('"', '\''), with));
    idle();
  }

  /** Presses a page of the address space. */
  void page(long address, String key) throws Exception {
    click("[data-page='0x%x']".formatted(address), key);
  }

  /** Has a line of the language of scenarios carried out. */
  void statement(String line) throws Exception {
    browser.evaluate("document.getElementById('statement').value = '" + line + "'");
    browser.evaluate("document.getElementById('statement-form').requestSubmit()");
    idle();
  }

  /** The state of a page, as its button has it. */
  String state(long address) throws Exception {
    return browser.text(
        "document.querySelector(\"[data-page='0x%x']\").dataset.state".formatted(address));
  }

  /** How many elements a selector finds. */
  int count(String selector) throws Exception {
    return browser.evaluate("document.querySelectorAll(`" + selector + "`).length").asInt();
  }

  /** What the machine that the page shows is, told by the interface for programs. */
  JsonNode machine() throws Exception {
    String id = browser.text("document.body.dataset.machine");
    return client.get("/api/v1/machines/" + id).json();
  }

  @Override
  public void close() throws IOException {
    try (server) {
      browser.close();
    }
  }
}
