package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What several instances promise, each asked for with figures while nothing is wrong. */
final class FleetPromises {
  private static final String MODEL = FleetClient.MODEL;
  private static final String TAG = "bench";
  private static final long MOST_REMOVAL_MILLISECONDS = 100;
  private static final long MOST_REPORT_MILLISECONDS = 1_000;
  private static final int AT_ONCE = 300;

  /** Within this a row that was written is found. */
  private static final long ROW_MILLISECONDS = 2_000;

  private final FleetInstances fleet;
  private final FleetClient client;
  private final String upstream;
  private final boolean isByMeaning;
  private final SoakChecks checks;
  private long stale;
  private long lost;
  private long question;
  private String reported = "";
  private String reportedEntry = "";

  /**
   * @param isByMeaning whether questions are compared by meaning
   */
  FleetPromises(
      FleetInstances fleet,
      FleetClient client,
      String upstream,
      boolean isByMeaning,
      SoakChecks checks) {
    this.fleet = fleet;
    this.client = client;
    this.upstream = upstream;
    this.isByMeaning = isByMeaning;
    this.checks = checks;
  }

  /** Returns how many removed answers were served. */
  long stale() {
    return stale;
  }

  /** Returns how many reports that were acknowledged did not hold. */
  long lost() {
    return lost;
  }

  /**
   * SoakChecks all of them.
   *
   * @param rounds how often each
   * @param allowance so many times what is promised it may take. Beyond 1, each instance may call
   *     for itself, since Redis may keep it waiting: never more than one call of each
   */
  void check(int rounds, int allowance) throws IOException, InterruptedException {
    int calls = Math.min(allowance, fleet.size());
    coalesces(false, calls);
    coalesces(true, calls);
    removesEverywhere(rounds, allowance * MOST_REMOVAL_MILLISECONDS);
    invalidationBeatsTheAnswer();
    if (isByMeaning) {
      forbidsWhatWasReported(allowance * MOST_REPORT_MILLISECONDS);
    }
    showsTheFleet();
  }

  /** SoakChecks that what was acknowledged before parts were killed holds after it. */
  void checkAfterwards() throws IOException, InterruptedException {
    if (reported.isEmpty()) {
      return;
    }
    ask(0, MODEL, reportedEntry, false);
    Thread.sleep(ROW_MILLISECONDS);
    long before = lost;
    for (int instance = 0; instance < fleet.size(); instance++) {
      lost += client.peek(instance, MODEL, reported).startsWith("hit") ? 1 : 0;
    }
    checks.add(
        "what was reported is forbidden after every part was killed",
        lost == before,
        "%d instances served it",
        lost - before);
  }

  // --- each of them -----------------------------------------------------------------------------

  private void coalesces(boolean isStreamed, int most) throws IOException, InterruptedException {
    String model = "coalesce-" + isStreamed;
    String text = fresh();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<HttpResponse<String>>> asked = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int instance = i % fleet.size();
        asked.add(threads.submit(() -> ask(instance, model, text, isStreamed)));
      }
      int answered = 0;
      for (Future<HttpResponse<String>> each : asked) {
        answered += joined(each).statusCode() == 200 ? 1 : 0;
      }
      long came = Http.counts(upstream).path(model).asLong();
      checks.add(
          AT_ONCE
              + " equal "
              + (isStreamed ? "streams" : "requests")
              + (most == 1 ? " are one call" : " are at most " + most + " calls"),
          came >= 1 && came <= most && answered == AT_ONCE,
          "%d answered, %d calls",
          answered,
          came);
    } finally {
      threads.shutdownNow();
    }
  }

  private static HttpResponse<String> joined(Future<HttpResponse<String>> future)
      throws IOException, InterruptedException {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("an equal request was not answered", e);
    }
  }

  private void removesEverywhere(int rounds, long most) throws IOException, InterruptedException {
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      String text = fresh();
      for (int instance = 0; instance < fleet.size(); instance++) {
        ask(instance, MODEL, text, false);
      }
      long start = System.nanoTime();
      client.invalidate(i % fleet.size(), TAG);
      long end = start + TimeUnit.SECONDS.toNanos(5);
      for (int instance = 0; instance < fleet.size(); instance++) {
        while (isCached(instance, text)) {
          if (System.nanoTime() > end) {
            stale++;
            break;
          }
        }
      }
      took.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
    took.sort(Long::compare);
    long last = took.get(Math.max(0, (int) Math.ceil(took.size() * 0.99) - 1));
    checks.add(
        "a removal is seen by all instances within " + most + " ms (p99)",
        last <= most && stale == 0,
        "p50 %d ms, p99 %d ms of %d, %d never",
        took.get(took.size() / 2),
        last,
        took.size(),
        stale);
  }

  private void invalidationBeatsTheAnswer() throws IOException, InterruptedException {
    String text = fresh();
    int before = (int) stale;
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<HttpResponse<String>> slow =
          thread.submit(() -> ask(1, LoadModelServer.SLOW, text, false));
      Thread.sleep(LoadModelServer.SLOW_MILLISECONDS / 2);
      client.invalidate(0, TAG);
      joined(slow);
      for (int instance = 0; instance < fleet.size(); instance++) {
        stale += isCached(instance, LoadModelServer.SLOW, text) ? 1 : 0;
      }
    } finally {
      thread.shutdownNow();
    }
    checks.add(
        "an answer begun before an invalidation is not stored",
        stale == before,
        "%d instances served it",
        stale - before);
  }

  private void forbidsWhatWasReported(long most) throws IOException, InterruptedException {
    String text = "How do I descale my " + fresh() + "?";
    ask(0, MODEL, text, false);
    String other = text.replace("How do I", "How can I");
    HttpResponse<String> hit = awaitByMeaning(1, other);
    if (hit == null) {
      checks.add(
          "a reported hit is forbidden on all instances within 1 s", false, "no hit to report");
      return;
    }
    reported = other;
    reportedEntry = text;
    boolean isKnown = client.report(0, FleetClient.entry(hit));
    long start = System.nanoTime();
    // The entry was removed; it is stored again, so that only the report forbids it.
    ask(0, MODEL, text, false);
    long end = start + TimeUnit.SECONDS.toNanos(5);
    for (int instance = 0; instance < fleet.size(); instance++) {
      while (client.peek(instance, MODEL, other).startsWith("hit")) {
        if (System.nanoTime() > end) {
          lost++;
          break;
        }
      }
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    checks.add(
        "a reported hit is forbidden on all instances within 1 s",
        isKnown && lost == 0 && took <= most,
        "known: %s, %d ms, %d instances served it on",
        isKnown,
        took,
        lost);
  }

  /** Asks until the question is a hit by meaning: a row is found a moment after it is written. */
  private @Nullable HttpResponse<String> awaitByMeaning(int instance, String text)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (System.nanoTime() < end) {
      HttpResponse<String> reply = client.askCachedOnly(instance, MODEL, text);
      if (FleetClient.cache(reply).equals("hit-semantic")) {
        return reply;
      }
      Thread.sleep(50);
    }
    return null;
  }

  private void showsTheFleet() throws IOException, InterruptedException {
    // An instance shows its counts every few seconds.
    Thread.sleep(4_000);
    long sum = 0;
    List<Long> shown = new ArrayList<>();
    for (int instance = 0; instance < fleet.size(); instance++) {
      JsonNode stats = client.stats(instance);
      sum += stats.path("requests").asLong();
      shown.add(stats.path("fleet").path("requests").asLong());
    }
    long all = sum;
    checks.add(
        "every instance shows the sum of all",
        shown.stream().allMatch(each -> each == all),
        "%d requests; shown %s",
        sum,
        shown);
  }

  private HttpResponse<String> ask(int instance, String model, String text, boolean isStreamed)
      throws IOException, InterruptedException {
    return client.ask(instance, model, text, isStreamed, TAG);
  }

  private String fresh() {
    return String.format(Locale.ROOT, "part %d of model %d", 7_000 + question, ++question);
  }

  private boolean isCached(int instance, String text) throws IOException, InterruptedException {
    return isCached(instance, MODEL, text);
  }

  private boolean isCached(int instance, String model, String text)
      throws IOException, InterruptedException {
    return client.peek(instance, model, text).equals("hit-exact");
  }
}
