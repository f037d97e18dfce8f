package dev.reprise.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.Matcher;

/*
 * An engine restores what its matcher learned when it starts, so a second engine would overwrite what the first one's learned. The keys
 * are weak and compared by identity: an engine that nobody closes keeps no matcher in memory.
 */
/** Which learning matchers belong to an open engine of this process. */
final class MatcherOwners {
  private static final Cache<LearningMatcher, Boolean> OWNED =
      Caffeine.newBuilder().weakKeys().build();

  private MatcherOwners() {}

  /**
   * Takes {@code matcher} for one engine.
   *
   * @throws IllegalStateException if it learns and belongs to another open engine
   */
  static void claim(Matcher matcher) {
    if (matcher instanceof LearningMatcher learning
        && OWNED.asMap().putIfAbsent(learning, Boolean.TRUE) != null) {
      throw new IllegalStateException(
          "The matcher "
              + matcher.getClass().getSimpleName()
              + " learns, and belongs to another open engine. Build a matcher for each engine, or"
              + " close the other engine first.");
    }
  }

  /** Gives {@code matcher} free for another engine. */
  static void release(Matcher matcher) {
    if (matcher instanceof LearningMatcher learning) {
      OWNED.invalidate(learning);
    }
  }
}
