package dev.reprise.benchmarks;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/**
 * Questions in other words that a filled cache answers by meaning: an index that is approximate
 * overlooks one in hundreds, and a matcher may not be sure of all. Safe for use by several threads.
 */
final class Hits {
  /** So many have to hit; the verified matcher is not sure of each other wording. */
  private static final int LEAST = Workload.ASKED / 5;

  /** A question and its request. */
  private record Asked(String text, CacheRequest request) {}

  private final List<Asked> asked;

  private Hits(List<Asked> asked) {
    this.asked = List.copyOf(asked);
  }

  /**
   * Asks {@code engine} for every question of the workload that has an answer, and keeps what hits.
   *
   * @param form gives the words of a question, from its number
   */
  static Hits of(CacheEngine engine, IntFunction<String> form) {
    List<Asked> hits = new ArrayList<>();
    for (int i = 0; i < Workload.ASKED; i++) {
      String text = form.apply(i);
      CacheRequest request = Workload.request(text);
      CacheControl only = CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED);
      if (engine.getOrCompute(request.withControl(only), Expect.HIT)
          instanceof Outcome.SemanticHit) {
        hits.add(new Asked(text, request));
      }
    }
    System.out.printf(
        "%d of %d questions hit, such as \"%s\"%n", hits.size(), Workload.ASKED, form.apply(0));
    if (hits.size() < LEAST) {
      throw new IllegalStateException("a benchmark of hits needs " + LEAST + " that hit");
    }
    return new Hits(hits);
  }

  /** Returns a request that hits. */
  CacheRequest anyRequest() {
    return any().request();
  }

  /** Returns the text of such a request. */
  String anyText() {
    return any().text();
  }

  private Asked any() {
    return asked.get(ThreadLocalRandom.current().nextInt(asked.size()));
  }
}
