package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.policy.Plan;

/** What is to be done with a request. */
sealed interface Planned {
  /** Returns the request, with what the policy added to it. */
  CacheRequest request();

  /** It goes past the cache. */
  record Bypass(CacheRequest request, Reason reason) implements Planned {}

  /**
   * It is looked up.
   *
   * @param isByMeaning whether near questions are looked for, too
   * @param policy the policy that planned it, which also admits its answer
   * @param mode whether a hit is served: live or shadow
   */
  record Cached(
      CacheRequest request,
      ExactKey key,
      Plan.Terms terms,
      boolean isByMeaning,
      CachePolicy policy,
      Mode mode)
      implements Planned {
    boolean isLookedUp() {
      return terms.reading() == Plan.Reading.LOOK_UP;
    }

    /**
     * Returns whether equal requests may share one call: not those that want a fresh answer, or
     * leave none behind, nor those in shadow mode, which all go to the upstream.
     */
    boolean isShared() {
      return isLookedUp() && terms.writing() == Plan.Writing.STORE && !isShadow();
    }

    /** Returns whether nothing that is found is served. */
    boolean isShadow() {
      return mode == Mode.SHADOW;
    }
  }
}
