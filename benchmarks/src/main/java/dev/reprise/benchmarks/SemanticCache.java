package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.MiniLmEmbedder;
import dev.reprise.embed.Vector;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.Entry;
import dev.reprise.tier.HnswSemanticTier;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** A filled cache with a semantic tier, and what it is asked. */
final class SemanticCache {
  /** Every paraphrase of the workload is at least so near to its question. */
  static final double THRESHOLD = 0.9;

  private static final int LEAST_HITS = Workload.ASKED * 95 / 100;

  final Embedder embedder;
  final CacheEngine engine;
  private final List<CacheRequest> paraphrases = new ArrayList<>();

  /**
   * @param threshold the least cosine of a hit
   * @param fill takes the rows for the semantic tier
   */
  SemanticCache(
      MiniLmEmbedder embedder,
      SemanticTier semantic,
      int entries,
      double threshold,
      Consumer<List<SemanticRow>> fill) {
    this.embedder = embedder;
    CaffeineExactTier exact = CaffeineExactTier.builder().maximumBytes(1L << 30).build();
    List<Vector> vectors = Workload.embed(embedder);
    List<SemanticRow> rows = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      Entry entry = Workload.entry(i);
      exact.store(entry);
      rows.add(Workload.row(i, entry, vectors));
    }
    fill.accept(rows);
    this.engine =
        CacheEngine.builder()
            .exactTier(exact)
            .semanticTier(semantic, embedder)
            .matcher(Matcher.threshold(threshold))
            .build();
    if (threshold <= THRESHOLD) {
      askForHits();
    }
  }

  /** Keeps the paraphrases that hit: an index that is approximate overlooks one in hundreds. */
  private void askForHits() {
    for (int i = 0; i < Workload.ASKED; i++) {
      CacheRequest paraphrase = Workload.request(Workload.paraphrase(i));
      CacheControl only = CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED);
      if (engine.getOrCompute(paraphrase.withControl(only), Expect.HIT)
          instanceof Outcome.SemanticHit) {
        paraphrases.add(paraphrase);
      }
    }
    System.out.printf("%d of %d paraphrases hit%n", paraphrases.size(), Workload.ASKED);
    if (paraphrases.size() < LEAST_HITS) {
      throw new IllegalStateException("a benchmark of hits needs " + LEAST_HITS + " that hit");
    }
  }

  /** Returns a cache whose tiers are both in the process. */
  static SemanticCache inProcess(int entries, double threshold) {
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    HnswSemanticTier tier =
        HnswSemanticTier.builder(embedder.dimension()).maximumEntries(2 * entries).build();
    return new SemanticCache(embedder, tier, entries, threshold, rows -> rows.forEach(tier::store));
  }

  /** Returns a request whose question is near a cached one. */
  CacheRequest anyRequest() {
    return paraphrases.get(ThreadLocalRandom.current().nextInt(paraphrases.size()));
  }

  /** Returns the text of such a question. */
  static String anyText() {
    return Workload.paraphrase(ThreadLocalRandom.current().nextInt(Workload.ASKED));
  }
}
