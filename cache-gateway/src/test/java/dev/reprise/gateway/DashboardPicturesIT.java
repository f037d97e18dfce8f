package dev.reprise.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.PriceTable;
import dev.reprise.policy.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The dashboard after an hour of the demo's questions, in pictures. They go to target/dashboard, or
 * to the folder that {@code -Dreprise.pictures} names: docs/images holds the light and the dark
 * one. The others are for whoever changes the page.
 */
class DashboardPicturesIT {
  private static final String TOKEN = "an admin token of some length";
  private static final Path FOLDER =
      Path.of(System.getProperty("reprise.pictures", "target/dashboard"));

  /** More of them take the test's time and show the same. */
  private static final int SHADOW_QUESTIONS = 120;

  /** The largest picture of a README, in bytes. */
  private static final long LARGEST = 300_000;

  @Test
  void theDemosQuestionsFillEveryPartOfThePage() throws Exception {
    afterTheDemo(
        EmbeddedCache.builder(),
        Integer.MAX_VALUE,
        (chromium, gateway) -> {
          picture(chromium, gateway, ColorScheme.LIGHT);
          picture(chromium, gateway, ColorScheme.DARK);
          wholePage(chromium, gateway, "narrow", 390);
        });
  }

  @Test
  void inShadowModeThePageShowsWhatWouldHaveBeenServed() throws Exception {
    afterTheDemo(
        EmbeddedCache.builder().mode(Mode.SHADOW),
        SHADOW_QUESTIONS,
        (chromium, gateway) -> {
          wholePage(chromium, gateway, "shadow", 1280);
          wholePage(chromium, gateway, "shadow-narrow", 390);
        });
  }

  private interface Pictures {
    void take(Chromium chromium, Gateway gateway) throws Exception;
  }

  private static void afterTheDemo(CacheEngine.Builder engine, int most, Pictures pictures)
      throws Exception {
    Duration hour = Duration.ofMinutes(58);
    AtomicReference<Duration> lag = new AtomicReference<>(hour);
    InstantSource clock = () -> Instant.now().minus(lag.get());
    try (DemoTraffic demo = new DemoTraffic();
        Gateway gateway =
            Gateway.builder(demo.upstream(), engine.pricing(PriceTable.shipped()).clock(clock))
                .port(0)
                .adminToken(TOKEN)
                .clock(clock)
                .start()) {
      int count = Math.min(most, demo.size());
      for (int i = 0; i < count; i++) {
        lag.set(hour.minus(hour.multipliedBy(i).dividedBy(count)));
        demo.ask(i, gateway);
      }
      lag.set(Duration.ZERO);
      Files.createDirectories(FOLDER);
      try (Chromium chromium = Chromium.start()) {
        pictures.take(chromium, gateway);
      }
    }
  }

  private static void picture(Chromium chromium, Gateway gateway, ColorScheme scheme)
      throws Exception {
    Path file = FOLDER.resolve("dashboard-" + scheme.name().toLowerCase(Locale.ROOT) + ".png");
    Browser.NewPageOptions options =
        new Browser.NewPageOptions().setColorScheme(scheme).setViewportSize(1280, 1190);
    try (Page page = chromium.browser().newPage(options)) {
      signIn(page, gateway);
      assertThat(page.locator("#near li")).hasCount(12);
      assertThat(page.locator(".entry")).hasCount(20);
      page.locator("#feed li[data-kind=hit-semantic] button").first().click();
      assertThat(page.locator("#feed .candidate").first()).isVisible();
      page.mouse().move(0, 0);
      page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }
    assertThat(Files.size(file)).isLessThan(LARGEST);
  }

  private static void wholePage(Chromium chromium, Gateway gateway, String name, int width) {
    Browser.NewPageOptions options =
        new Browser.NewPageOptions().setColorScheme(ColorScheme.LIGHT).setViewportSize(width, 900);
    try (Page page = chromium.browser().newPage(options)) {
      signIn(page, gateway);
      Object widest = page.evaluate("document.documentElement.scrollWidth");
      assertThat(((Number) widest).intValue()).as("width of the page").isLessThanOrEqualTo(width);
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(FOLDER.resolve("dashboard-" + name + ".png"))
              .setFullPage(true));
    }
  }

  private static void signIn(Page page, Gateway gateway) {
    page.navigate("http://127.0.0.1:" + gateway.port() + "/dashboard");
    page.locator("#token").fill(TOKEN);
    page.locator("#sign-in button").click();
    assertThat(page.locator("#feed li")).hasCount(100);
  }
}
