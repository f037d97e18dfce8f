package dev.reprise.gateway;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The system's own Chromium, without a window. */
public final class Chromium implements AutoCloseable {
  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /**
   * Starts it: the one that {@code REPRISE_CHROMIUM} names, else {@code chromium} or {@code
   * google-chrome} on the path.
   *
   * @throws IllegalStateException if there is none; the message says how to get one
   */
  public static Chromium start() {
    Path executable = find();
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      return new Chromium(
          playwright,
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(executable)
                      .setChromiumSandbox(false)));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  private static Path find() {
    List<Path> candidates = new ArrayList<>();
    String named = System.getenv().getOrDefault("REPRISE_CHROMIUM", "");
    if (named.isEmpty()) {
      for (String name : List.of("chromium", "google-chrome")) {
        for (String folder :
            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
          candidates.add(Path.of(folder, name));
        }
      }
    } else {
      candidates.add(Path.of(named));
    }
    return candidates.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the dashboard is tested in a real browser, and there is none: apt-get install"
                        + " chromium, or name one with REPRISE_CHROMIUM"));
  }

  /** Returns the browser. */
  public Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
