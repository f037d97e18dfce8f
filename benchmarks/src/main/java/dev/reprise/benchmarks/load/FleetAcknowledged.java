package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Removes answers and reports hits as wrong while parts are killed, and checks that whatever was
 * acknowledged holds: soon after, and at the end. Used by one thread at a time.
 */
final class FleetAcknowledged {
  private static final String MODEL = FleetClient.MODEL;
  private static final long PAUSE_MILLISECONDS = 200;

  /** A removal that is done is seen by all instances within this, on a machine that is busy. */
  private static final long SEEN_MILLISECONDS = 1_000;

  /** Pending removals are carried out within this after the last part came back. */
  private static final long CARRIED_OUT_MILLISECONDS = 10_000;

  private static final long ROW_MILLISECONDS = 2_000;
  private static final int ROUNDS_TO_A_REPORT = 6;
  private static final int MOST_REPORTS = 60;
  private static final int DONE = 200;
  private static final int PENDING = 202;

  private final FleetInstances fleet;
  private final FleetClient client;
  private final boolean isByMeaning;
  private final Random random;
  private final Thread thread = new Thread(this::run, "acknowledged");
  private final List<String> removed = new ArrayList<>();
  private final List<Report> reports = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();
  private volatile boolean isEnded;
  private long number;
  private long pending;
  private long stale;
  private long lost;

  /** A hit that was reported: the question whose answer was served, and the one that was asked. */
  private record Report(String stored, String asked) {}

  /**
   * @param isByMeaning whether questions are compared by meaning
   */
  FleetAcknowledged(FleetInstances fleet, FleetClient client, boolean isByMeaning, long seed) {
    this.fleet = fleet;
    this.client = client;
    this.isByMeaning = isByMeaning;
    this.random = new Random(seed);
  }

  /** Begins to remove and report. */
  void start() {
    thread.start();
  }

  /** Ends removing and reporting. */
  void end() throws InterruptedException {
    isEnded = true;
    thread.join();
  }

  /** Returns how many removed answers were served. */
  long stale() {
    return stale;
  }

  /** Returns how many reports that were acknowledged did not hold. */
  long lost() {
    return lost;
  }

  /** Returns what was served though it was removed or reported. */
  List<String> examples() {
    return List.copyOf(examples);
  }

  private void run() {
    try {
      while (!isEnded) {
        round();
        Thread.sleep(PAUSE_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    try {
      if (isByMeaning
          && number % ROUNDS_TO_A_REPORT == ROUNDS_TO_A_REPORT - 1
          && reports.size() < MOST_REPORTS) {
        report();
      } else {
        remove();
      }
    } catch (IOException e) {
      // That instance was killed meanwhile: nothing was acknowledged.
    }
  }

  private String fresh() {
    number++;
    return String.format(Locale.ROOT, "valve %d of pump %d", 20_000 + number, number);
  }

  private int any() {
    return random.nextInt(fleet.size());
  }

  private void remove() throws IOException, InterruptedException {
    String text = fresh();
    String tag = "removed-" + number;
    client.ask(any(), MODEL, text, false, tag);
    client.peek(any(), MODEL, text);
    int status = client.invalidate(any(), tag);
    if (status == PENDING) {
      pending++;
      removed.add(text);
    } else if (status == DONE) {
      removed.add(text);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SEEN_MILLISECONDS);
      for (int instance = 0; instance < fleet.size(); instance++) {
        while (isServed(instance, text, text)) {
          if (System.nanoTime() > end) {
            stale++;
            examples.add("removed, and served by instance " + instance + ": " + text);
            break;
          }
        }
      }
    }
  }

  private void report() throws IOException, InterruptedException {
    String stored = "How do I descale my " + fresh() + "?";
    String asked = stored.replace("How do I", "How can I");
    client.ask(any(), MODEL, stored, false, "kept");
    int instance = any();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ROW_MILLISECONDS);
    while (System.nanoTime() < end) {
      HttpResponse<String> reply = client.askCachedOnly(instance, MODEL, asked);
      if (FleetClient.cache(reply).equals("hit-semantic")) {
        if (client.report(any(), FleetClient.entry(reply))) {
          reports.add(new Report(stored, asked));
        }
        return;
      }
      Thread.sleep(PAUSE_MILLISECONDS);
    }
  }

  /** Returns whether an instance that is up serves the answer to {@code stored}. */
  private boolean isServed(int instance, String asked, String stored) throws InterruptedException {
    try {
      HttpResponse<String> reply = client.askCachedOnly(instance, MODEL, asked);
      return FleetClient.cache(reply).startsWith("hit") && reply.body().contains(stored);
    } catch (IOException e) {
      // It was killed meanwhile.
      return false;
    }
  }

  /** Adds to {@code checks} that all of it still holds, once every part is up again. */
  void check(SoakChecks checks) throws IOException, InterruptedException {
    Thread.sleep(CARRIED_OUT_MILLISECONDS);
    for (String text : removed) {
      for (int instance = 0; instance < fleet.size(); instance++) {
        if (isServed(instance, text, text)) {
          stale++;
          examples.add("removed, and served at the end by instance " + instance + ": " + text);
        }
      }
    }
    checks.add(
        "what was removed while parts were killed is not served",
        stale == 0 && !removed.isEmpty(),
        "%d removals, %d of them pending at first; %d served",
        removed.size(),
        pending,
        stale);
    if (isByMeaning) {
      checkReports(checks);
    }
  }

  private void checkReports(SoakChecks checks) throws IOException, InterruptedException {
    for (Report report : reports) {
      // A report removes the entry; it is stored again, so that only the report forbids it.
      client.ask(0, MODEL, report.stored(), false, "kept");
    }
    Thread.sleep(ROW_MILLISECONDS);
    for (Report report : reports) {
      for (int instance = 0; instance < fleet.size(); instance++) {
        if (isServed(instance, report.asked(), report.stored())) {
          lost++;
          examples.add("reported, and served by instance " + instance + ": " + report.asked());
        }
      }
    }
    checks.add(
        "what was reported while parts were killed is forbidden",
        lost == 0 && !reports.isEmpty(),
        "%d reports; %d served",
        reports.size(),
        lost);
  }
}
