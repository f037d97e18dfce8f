package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.match.Matcher;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.Entry;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A filled cache with a semantic tier. */
final class SemanticCache {
  /** Every paraphrase of the workload is at least so near to its question. */
  static final Matcher THRESHOLD = Matcher.threshold(0.9);

  final Embedder embedder;
  final CacheEngine engine;

  /**
   * @param matcher decides what is a hit
   * @param fill takes the rows for the semantic tier
   */
  SemanticCache(
      MiniLmEmbedder embedder,
      SemanticTier semantic,
      int entries,
      Matcher matcher,
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
            .matcher(matcher)
            // A lookup that waits too long for its turn is exact only. Here every one must hit.
            .searchWait(Duration.ofMinutes(1))
            .build();
  }

  /** Returns a cache whose tiers are both in the process. */
  static SemanticCache inProcess(int entries, Matcher matcher) {
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    HnswSemanticTier tier =
        HnswSemanticTier.builder(embedder.dimension()).maximumEntries(2 * entries).build();
    return new SemanticCache(embedder, tier, entries, matcher, rows -> rows.forEach(tier::store));
  }
}
