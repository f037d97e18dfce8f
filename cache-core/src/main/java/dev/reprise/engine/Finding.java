package dev.reprise.engine;

import dev.reprise.model.Similarity;
import dev.reprise.tier.Entry;
import java.util.Optional;

/** A stored answer that a lookup found. */
sealed interface Finding {
  Entry entry();

  /** Under the request's own key. */
  record Exact(Entry entry, String tier) implements Finding {}

  /** Under a near question's key, and accepted by the matcher. */
  record Semantic(Entry entry, Similarity similarity, double confidence) implements Finding {}

  /**
   * A curated answer.
   *
   * @param id the identifier of the curated entry
   * @param version the version of the set
   * @param similarity empty where the wording is equal
   */
  record Curated(
      Entry entry, String id, long version, Optional<Similarity> similarity, double confidence)
      implements Finding {}
}
