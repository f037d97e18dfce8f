package dev.reprise.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.Matcher;
import dev.reprise.testing.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard in a real browser, in front of a real gateway. */
class GatewayDashboardIT {
  private static final String TOKEN = "an admin token of some length";
  private static final String STORED = "What is the capital of France?";
  private static final String ASKED = "Which city is the capital of France?";

  /** What would run if a question became markup. */
  private static final String MARKUP = "<img src=x onerror=window.harmed=1><b>Bold?</b>";

  private static final Embedder EMBEDDER = MiniLmEmbedder.load();

  private static Chromium chromium;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> elsewhere = new CopyOnWriteArrayList<>();
  private final CountedTier rows = new CountedTier(EMBEDDER.dimension());
  private ScriptedModelServer upstream;
  private Gateway gateway;
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void startBrowser() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stopBrowser() {
    chromium.close();
  }

  @BeforeEach
  void start() throws Exception {
    upstream = new ScriptedModelServer();
    CacheEngine.Builder engine =
        CacheEngine.builder().semanticTier(rows, EMBEDDER).matcher(Matcher.threshold(0.8));
    gateway = Gateway.builder(upstream.url(), engine).port(0).adminToken(TOKEN).start();
    open(ColorScheme.LIGHT, 1280);
  }

  @AfterEach
  void stop() {
    context.close();
    gateway.close();
    upstream.close();
    assertThat(complaints).as("what the browser complained of").isEmpty();
    assertThat(elsewhere).as("what was loaded from elsewhere").isEmpty();
  }

  private void open(ColorScheme scheme, int width) {
    if (context != null) {
      context.close();
    }
    context =
        chromium
            .browser()
            .newContext(
                new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, 900));
    page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          // That a wrong token is refused is what a test wants.
          if (message.type().equals("error") && !message.text().contains("401")) {
            complaints.add(message.text());
          }
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith(address(""))) {
            elsewhere.add(request.url());
          }
        });
  }

  private String address(String path) {
    return "http://127.0.0.1:" + gateway.port() + path;
  }

  private void signIn() {
    page.navigate(address("/dashboard"));
    page.locator("#token").fill(TOKEN);
    page.locator("#sign-in button").click();
    assertThat(page.locator("#dashboard")).isVisible();
  }

  private String ask(String question, String model, String tag) throws Exception {
    ObjectNode body = Json.object().put("model", model).put("temperature", 0);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    return client
        .send(
            HttpRequest.newBuilder(URI.create(address("/v1/chat/completions")))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer a client's key")
                .header("X-Reprise-Tags", tag)
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                .build(),
            BodyHandlers.ofString())
        .headers()
        .firstValue("x-reprise-cache")
        .orElseThrow();
  }

  private Locator decisions(String kind) {
    return page.locator("#feed li[data-kind=" + kind + "]");
  }

  @Test
  void nobodySeesAnythingWithoutTheToken() throws Exception {
    ask(STORED, "m", "t");
    page.navigate(address("/dashboard"));
    assertThat(page.locator("#dashboard")).isHidden();

    page.locator("#token").fill("another token altogether");
    page.locator("#sign-in button").click();

    assertThat(page.locator("#sign-in-error")).containsText("That is not the admin token");
    assertThat(page.locator("#dashboard")).isHidden();
    assertThat(page.locator("#feed li")).hasCount(0);

    signIn();
    assertThat(page.locator("#feed li")).hasCount(1);
    page.locator("#sign-out").click();
    assertThat(page.locator("#feed li")).hasCount(0);
    page.reload();
    assertThat(page.locator("#sign-in")).isVisible();
  }

  @Test
  void anEmptyCacheSaysWhatToDo() {
    signIn();

    assertThat(page.locator("#feed-empty")).containsText("Point a client's base URL");
    assertThat(page.locator("#entries-empty")).containsText("Nothing is stored yet");
    assertThat(page.locator("#near-empty")).containsText("None of late");
  }

  @Test
  void hitsAndMissesArriveLiveAndAreExplained() throws Exception {
    signIn();
    assertThat(ask(STORED, "m", "t")).isEqualTo("miss");
    assertThat(decisions("miss")).hasCount(1);
    assertThat(ask(STORED, "m", "t")).isEqualTo("hit-exact");
    assertThat(decisions("hit-exact")).hasCount(1);
    waitForRow();
    assertThat(ask(ASKED, "m", "t")).isEqualTo("hit-semantic");
    assertThat(decisions("hit-semantic")).hasCount(1);
    assertThat(ask(STORED, "another-model", "t")).isEqualTo("miss");
    assertThat(decisions("miss")).hasCount(2);
    assertThat(page.locator("#tile-rate .value")).hasText("50.0 %");

    decisions("miss").first().locator("button").first().click();
    Locator differences = decisions("miss").first().locator(".differences tbody tr");
    assertThat(differences).hasCount(1);
    assertThat(differences.first()).containsText("model");
    assertThat(differences.first()).containsText("another-model");

    decisions("hit-semantic").first().locator("button").first().click();
    Locator candidate = decisions("hit-semantic").first().locator(".candidate");
    assertThat(candidate.first()).containsText("accepted");
    assertThat(candidate.first()).containsText(STORED);
    assertThat(decisions("hit-semantic").first()).not().containsText("null");
  }

  /** The row of the semantic tier is written behind the answer. */
  private void waitForRow() {
    Eventually.that("the row is stored", () -> rows.stored() > 0);
  }

  @Test
  void aHitThatWasWrongIsAMissTheNextTime() throws Exception {
    ask(STORED, "m", "t");
    ask(STORED, "m", "t");
    signIn();
    decisions("hit-exact").first().locator("button").first().click();
    page.getByText("This hit was wrong").click();

    assertThat(page.locator(".toast")).containsText("Removed");
    assertThat(ask(STORED, "m", "t")).isEqualTo("miss");
  }

  @Test
  void entriesAreSearchedAndRemovedByTheirTag() throws Exception {
    ask("Why is the sky blue?", "m", "sky");
    ask("Why is the sea salty?", "m", "sea");
    signIn();
    assertThat(page.locator(".entry")).hasCount(2);

    page.locator("#search-text").fill("SALTY");
    page.locator("#search button").click();
    assertThat(page.locator(".entry")).hasCount(1);
    assertThat(page.locator(".entry").first()).containsText("Why is the sea salty?");
    page.locator("#search-text").fill("");
    page.locator("#search button").click();
    assertThat(page.locator(".entry")).hasCount(2);

    page.locator("#remove-name").fill("sky");
    page.locator("#remove button").click();
    page.locator("#confirm-yes").click();
    assertThat(page.locator(".toast")).containsText("One entry was removed");
    assertThat(page.locator(".entry")).hasCount(1);
    assertThat(ask("Why is the sky blue?", "m", "sky")).isEqualTo("miss");

    page.locator(".entry .chip").first().click();
    page.locator("#filters .danger").click();
    page.locator("#confirm button").first().click();
    assertThat(ask("Why is the sea salty?", "m", "sea")).isEqualTo("hit-exact");
  }

  @Test
  void whatUsersWroteIsTextAndNeverMarkup() throws Exception {
    ask(MARKUP, "m", "<i>tag</i>");
    ask(MARKUP, "<u>model</u>", "t");
    signIn();
    assertThat(decisions("miss")).hasCount(2);
    decisions("miss").first().locator("button").first().click();

    assertThat(decisions("miss").first().locator(".facts")).containsText("<b>Bold?</b>");
    assertThat(page.locator(".entry").last()).containsText("<i>tag</i>");
    assertThat(page.locator("main img, main b, main i, main u").count()).isZero();
    assertThat(page.evaluate("window.harmed")).isNull();
  }

  @Test
  void lightAndDarkFollowTheSystemAndTheButton() throws Exception {
    ask(STORED, "m", "t");
    signIn();
    Object light = background();
    page.locator("#theme").click();
    Object dark = background();
    assertThat(dark).isNotEqualTo(light);
    page.reload();
    assertThat(page.locator("#dashboard")).isVisible();
    assertThat(background()).as("kept").isEqualTo(dark);

    open(ColorScheme.DARK, 1280);
    signIn();
    assertThat(background()).isEqualTo(dark);
  }

  private Object background() {
    return page.evaluate("getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void itFitsAWideAndANarrowScreen() throws Exception {
    ask(STORED, "m", "t");
    for (int width : new int[] {1280, 400}) {
      open(ColorScheme.LIGHT, width);
      signIn();
      assertThat(page.locator(".entry")).hasCount(1);
      decisions("miss").first().locator("button").first().click();
      assertThat(decisions("miss").first().locator(".facts")).isVisible();
      assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
    }
  }

  @Test
  void itIsUsedByTheKeyboard() throws Exception {
    ask(STORED, "m", "t");
    page.navigate(address("/dashboard"));
    page.keyboard().type(TOKEN);
    page.keyboard().press("Enter");
    assertThat(page.locator("#dashboard")).isVisible();

    page.locator("#ranges button[aria-checked=true]").focus();
    page.keyboard().press("ArrowRight");
    assertThat(page.locator("#ranges button[aria-checked=true]")).hasText("6 h");
    decisions("miss").first().locator("button").first().focus();
    page.keyboard().press("Enter");
    assertThat(decisions("miss").first().locator(".facts")).isVisible();
  }
}
