package dev.reprise.gateway;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import dev.reprise.testservers.ChromiumBrowser;
import java.nio.file.Path;
import java.util.Map;

/** A headless Chromium: the system's, or one that the build downloads. */
public final class Chromium implements AutoCloseable {
  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /**
   * Starts the one that {@link ChromiumBrowser} finds.
   *
   * @throws dev.reprise.testservers.TestServerException if there is none; the message says how to
   *     get one
   */
  public static Chromium start() {
    Path executable = ChromiumBrowser.executable();
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
