package dev.reprise.gateway.admin;

import dev.reprise.gateway.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The page at {@code /dashboard}: files that need nothing from elsewhere. What it shows it asks of
 * {@link Admin}, with the token that its user gives it; the page itself is no secret.
 */
public final class DashboardPage {
  static final String PATH = "/dashboard";

  private static final String RESOURCES = "/dev/reprise/gateway/dashboard/";

  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String PICTURE = "image/svg+xml";

  /** Nothing is loaded from elsewhere, nothing in the page itself is run, nobody may frame it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  private final Map<String, Content> files = new HashMap<>();

  /** What is at a path. */
  private static final class Content {
    private final String type;
    private final byte[] bytes;

    Content(String type, byte[] bytes) {
      this.type = type;
      this.bytes = bytes;
    }
  }

  public DashboardPage() {
    add(PATH, HTML, RESOURCES + "index.html");
    add(PATH + "/style.css", STYLE, RESOURCES + "style.css");
    add(PATH + "/icon.svg", PICTURE, RESOURCES + "icon.svg");
    for (String script :
        new String[] {"main", "api", "dom", "charts", "feed", "entries", "entry", "curated"}) {
      add(PATH + "/" + script + ".js", SCRIPT, RESOURCES + script + ".js");
    }
    add(PATH + "/chart.js", SCRIPT, charts());
  }

  private void add(String path, String type, String resource) {
    files.put(path, new Content(type, bytes(resource)));
  }

  private static String charts() {
    Properties versions = new Properties();
    try (InputStream in = open(RESOURCES + "versions.properties")) {
      versions.load(in);
      String version = versions.getProperty("chart.js.version");
      return "/META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.min.js";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = DashboardPage.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("the gateway was built without " + resource);
    }
    return in;
  }

  /** Returns whether it answers a GET for {@code path}. */
  public boolean has(String path) {
    return files.containsKey(path);
  }

  /** Answers a GET for a path that it has. */
  public void handle(Exchange exchange, String path) {
    Content content = files.get(path);
    if (content == null) {
      throw new IllegalArgumentException("no part of the page is at " + path);
    }
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("Content-Type", content.type);
    exchange.text(200, headers, content.bytes);
  }
}
