package dev.reprise.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation;
import dev.reprise.match.OperatingPoint;
import dev.reprise.match.RiskReport;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.testing.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
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

  /** Names the buttons that a reader cannot see whole, unless they end in dots. */
  private static final String CUT_OFF =
      """
      [...document.querySelectorAll("button, select, input")]
        .filter((one) => one.checkVisibility() && !one.closest(".scroll"))
        .filter((one) => {
          const box = one.getBoundingClientRect();
          if (box.left < -0.5 || box.right > innerWidth + 0.5) return true;
          const isText = one.tagName === "BUTTON" && getComputedStyle(one).textOverflow !== "ellipsis";
          if (isText && !one.matches(".line, .pair") && one.scrollWidth > one.clientWidth + 1) return true;
          for (let at = one.parentElement; at; at = at.parentElement) {
            const edge = at.getBoundingClientRect();
            const isCut = getComputedStyle(at).overflowX !== "visible";
            if (isCut && (box.left < edge.left - 0.5 || box.right > edge.right + 0.5)) return true;
          }
          return false;
        })
        .map((one) => `${one.id || one.className}: ${one.textContent.trim()}`)
      """;

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

  /** Knows its rate of wrong answers from as many judgements as the test says. */
  private static final class JudgedMatcher implements LearningMatcher {
    private volatile long judged;

    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      return Matcher.threshold(0.8).decide(candidate);
    }

    @Override
    public void observe(Observation observation) {}

    @Override
    public Optional<RiskReport> risk() {
      OperatingPoint point = new OperatingPoint(0.9, OperatingPoint.Origin.CALIBRATED);
      RiskReport.Estimate rate = new RiskReport.Estimate(0.002, 0.01, 0.05);
      return Optional.of(
          new RiskReport(
              WrongAnswerBound.defaults(), point, point, 100, judged, rate, rate, judged, 1, 0));
    }

    @Override
    public String snapshot() {
      return "";
    }

    @Override
    public boolean restore(String snapshot) {
      return true;
    }
  }

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
    return send(body, tag);
  }

  private String send(ObjectNode body, String tag) throws Exception {
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
    Locator row = decisions("hit-exact").first();
    assertThat(row.locator(".reported")).isVisible();
    assertThat(row.locator(".actions button")).hasCount(0);
    assertThat(row.locator(".detail")).containsText("You reported this hit as wrong.");
    assertThat(ask(STORED, "m", "t")).isEqualTo("miss");

    // It still says so when the row is opened once more.
    assertThat(decisions("miss")).hasCount(2);
    row.locator("button").first().click();
    row.locator("button").first().click();
    assertThat(row.locator(".detail")).containsText("You reported this hit as wrong.");
    assertThat(row.locator(".actions button")).hasCount(0);
  }

  @Test
  void whatGoesPastTheCacheIsATileAChartAndAColumn() throws Exception {
    ask(STORED, "m", "t");
    ask(STORED, "m", "t");
    ask("Write a poem about rain", "m", "t");
    ask("Write a story about snow", "m", "t");
    ask("What time is it?", "other", "t");
    client.send(
        HttpRequest.newBuilder(URI.create(address("/v1/models"))).build(), BodyHandlers.ofString());
    signIn();

    assertThat(page.locator("#tile-past .value")).hasText("66.7 %");
    assertThat(page.locator("#tile-past .note")).containsText("2 creative, 1 dynamic, …, of 6");
    assertThat(page.locator("#tile-past"))
        .hasAttribute("title", "2 creative, 1 dynamic, 1 passed through");
    assertThat(page.locator("#tile-rate .value")).hasText("50.0 %");
    assertThat(page.locator("#past-chart")).isVisible();
    assertThat(
            page.evaluate(
                "Chart.getChart('past-chart').data.datasets.map(of => of.label + ' ' + of.data.reduce((a, b) => a + b, 0))"))
        .isEqualTo(List.of("bypassed: creative 2", "bypassed: dynamic 1", "passed through 1"));

    Locator breakdown = page.locator("#breakdown tr");
    assertThat(breakdown).hasCount(2);
    assertThat(breakdown.first().locator("th, td"))
        .containsText(new String[] {"m", "4", "1 (50.0 %)", "1", "2"});
    assertThat(breakdown.last().locator("th, td"))
        .containsText(new String[] {"other", "1", "–", "0", "1"});
    page.locator("#breakdown-by").selectOption("byKey");
    assertThat(breakdown).hasCount(1);
    assertThat(breakdown.first()).containsText("key ");
    page.locator("#breakdown-by").selectOption("byUseCase");
    assertThat(breakdown.first()).containsText("question");
  }

  @Test
  void linesAreToldApartAndAMinuteWithoutRequestsIsAGap() throws Exception {
    ask(STORED, "m", "t");
    ask(STORED, "m", "t");
    signIn();
    assertThat(page.locator("#latency-chart")).isVisible();

    assertThat(
            page.evaluate(
                "Chart.getChart('latency-chart').legend.legendItems.map(of => of.text + ' ' + of.lineDash)"))
        .isEqualTo(
            List.of("hits, median ", "hits, 95 % 3,3", "misses, median ", "misses, 95 % 3,3"));
    assertThat(
            page.evaluate(
                "Chart.getChart('latency-chart').data.datasets.map(of => of.borderDash + '|' + of.spanGaps + '|' + of.tension)"))
        .isEqualTo(List.of("|false|0", "3,3|false|0", "|false|0", "3,3|false|0"));
    assertThat(
            page.evaluate(
                "Chart.getChart('latency-chart').data.datasets.every(of => of.data.includes(null) && of.data.some(ms => ms > 0))"))
        .isEqualTo(true);
  }

  /** As the gateway tells of a hit whose upstream was quicker than the cache. */
  @Test
  void aHitThatSavedNothingShowsNoSaving() {
    String decision =
        "{\"number\":%d,\"kind\":\"hit-exact\",\"at\":\"2026-11-30T10:00:00Z\",\"question\":\"Why?\",\"totalMs\":3,\"savedMs\":%s,\"savedDollars\":%s}";
    String all =
        String.join(
            ",",
            decision.formatted(4, "1250", "0.002"),
            decision.formatted(3, "-7", "0"),
            decision.formatted(2, "0", "0"),
            decision.formatted(1, "12", "0"));
    page.route(
        "**/admin/decisions**",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("{\"newest\":4,\"decisions\":[" + all + "]}")));
    signIn();

    assertThat(page.locator("#feed .saved"))
        .hasText(new String[] {"−1.25 s, $0.002", "", "", "−12 ms"});
  }

  @Test
  void anEntryHasAPageOfItsOwn() throws Exception {
    ObjectNode body = Json.object().put("model", "m").put("temperature", 0).put("seed", 7);
    body.putArray("messages").addObject().put("role", "system").put("content", "Be brief.");
    body.withArray("messages").addObject().put("role", "user").put("content", STORED);
    send(body, "geography");
    send(body, "geography");
    signIn();
    page.locator(".entry .show").first().click();

    Locator entry = page.locator("#entry");
    assertThat(entry).isVisible();
    for (String part :
        List.of(
            "Message: system",
            "Be brief.",
            "Message: user",
            STORED,
            "seed",
            "Answer number 1.",
            "1 since the gateway was started",
            "geography")) {
      assertThat(entry).containsText(part);
    }
    entry.getByText("As it was stored").click();
    assertThat(entry.locator("details pre")).containsText("\"choices\"");
    entry.getByText("Close").click();
    assertThat(entry).isHidden();
  }

  @Test
  void aRateIsShownOnceEnoughIsJudged() throws Exception {
    JudgedMatcher matcher = new JudgedMatcher();
    gateway.close();
    gateway =
        Gateway.builder(
                upstream.url(),
                CacheEngine.builder()
                    .semanticTier(new CountedTier(EMBEDDER.dimension()), EMBEDDER)
                    .matcher(matcher))
            .port(0)
            .adminToken(TOKEN)
            .start();
    Locator tile = page.locator("#tile-wrong");

    matcher.judged = 0;
    signIn();
    assertThat(tile).containsText("by calibration");
    assertThat(tile).containsText("none judged yet");
    for (long judged : new long[] {1, 29}) {
      matcher.judged = judged;
      page.reload();
      assertThat(tile.locator(".value")).hasText("too few judged");
      assertThat(tile.locator(".note")).containsText(judged + " judged, 1 wrong");
      assertThat(tile).not().containsText("%");
    }
    matcher.judged = 30;
    page.reload();
    assertThat(tile.locator(".value")).hasText("1.0 %");
    assertThat(tile.locator(".note")).containsText("30 judged");
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

  /** A button that its bar or the screen cuts off makes the page no wider. */
  @Test
  void noButtonIsCutOffOnANarrowScreen() throws Exception {
    ask(STORED, "m", "t");
    ask(STORED, "m", "a tag with a rather long name, as people give them");
    for (int width : new int[] {390, 360, 320}) {
      open(ColorScheme.LIGHT, width);
      signIn();
      assertThat(page.locator(".entry")).hasCount(1);
      decisions("hit-exact").first().locator("button").first().click();
      assertThat(decisions("hit-exact").first().locator(".actions button")).hasCount(3);
      assertThat(page.locator("#ranges button")).hasCount(4);
      assertThat(page.evaluate(CUT_OFF)).as("at %d pixels", width).isEqualTo(List.of());
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
