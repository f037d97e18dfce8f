package dev.reprise.cli.cache;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.Coalescing;
import dev.reprise.engine.Pricing;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.milvus.MilvusStorage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the demo's cache is made of.
 *
 * @param tiers which tiers
 * @param servers where they are
 * @param files what is kept over a restart
 * @param matcher what decides about near questions
 * @param embedder loads what embeds questions
 * @param pricing what calls cost
 * @param scope who shares the answers; another scope begins with an empty cache
 */
public record CacheSettings(
    Tiers tiers,
    Servers servers,
    StateFiles files,
    MatcherOption matcher,
    Supplier<Embedder> embedder,
    Pricing pricing,
    String scope) {

  /**
   * The servers.
   *
   * @param redis used where it is one of the tiers
   * @param milvus used where it is one of the tiers
   */
  public record Servers(Redis redis, Milvus milvus) {}

  /**
   * Where Redis is, and what is this cache's there.
   *
   * @param url where it is
   * @param keyPrefix what the keys there begin with
   * @param coalescing whose equal requests share one call
   */
  public record Redis(String url, String keyPrefix, Coalescing coalescing) {}

  /**
   * Where Milvus is, and what is this cache's there.
   *
   * @param uri where it is
   * @param token how to sign in there, empty for not at all
   * @param collection the collection there
   * @param database the database there
   * @param previousCollection what is searched beside it, empty for nothing
   * @param storage how a new collection is stored
   * @param consistency how fresh rows are
   */
  public record Milvus(
      String uri,
      String token,
      String collection,
      String database,
      String previousCollection,
      MilvusStorage storage,
      MilvusSemanticTier.Consistency consistency) {}

  /**
   * Files of this gateway's own.
   *
   * @param learning what was learnt, empty for nowhere
   * @param pendingRemovals removals that Redis owes, empty for nowhere
   * @param data where the answers are, if they are kept
   */
  record StateFiles(String learning, String pendingRemovals, Optional<Data> data) {}

  /**
   * Where answers are kept over a restart.
   *
   * @param isDefault nobody named it: where it cannot be used, the cache is in memory only
   */
  record Data(Path directory, boolean isDefault) {}

  /** Returns the same with answers that are kept in {@code data}. */
  public CacheSettings keptIn(Optional<Data> data) {
    return new CacheSettings(
        tiers,
        servers,
        new StateFiles(files.learning(), files.pendingRemovals(), data),
        matcher,
        embedder,
        pricing,
        scope);
  }
}
