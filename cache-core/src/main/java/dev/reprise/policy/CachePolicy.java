package dev.reprise.policy;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides which requests are looked up and which answers are stored. Pure: it does no I/O and reads
 * no clock. Safe for use by several threads.
 */
public interface CachePolicy {

  /** Decides how to handle {@code request}. */
  Plan plan(CacheRequest request);

  /**
   * Decides the same as {@link #plan}, but may leave out what depends on the wording of the
   * question alone: that is left to {@link #screen}. The engine asks this method for each request.
   * Default: {@link #plan}.
   */
  default Plan outline(CacheRequest request) {
    return plan(request);
  }

  /**
   * Returns why the question of {@code request} must not be cached, where {@link #outline} left
   * that out. Equal questions have equal results, for as long as the policy is in use: the engine
   * asks once for a question and remembers that there was no objection. Default: nothing, for a
   * policy whose outline is the whole plan.
   */
  default Optional<Reason> screen(CacheRequest request) {
    return Optional.empty();
  }

  /**
   * Returns whether hits of {@code request} are served. The engine asks this before the plan.
   * Default: nothing, for the engine's own mode.
   */
  default Optional<Mode> mode(CacheRequest request) {
    return Optional.empty();
  }

  /**
   * Decides whether {@code answer} to {@code request} is stored. Asked only where the plan allows
   * storing.
   *
   * @param now when the answer came
   */
  Admission admit(CacheRequest request, Answer answer, Instant now);

  /**
   * Returns what decides about one request, from its plan to its admission. Default: this policy.
   * One that is exchanged while requests are under way returns the one of now.
   */
  default CachePolicy current() {
    return this;
  }

  /**
   * Returns {@code builder().build()}: the use cases of {@link UseCaseRule}. Temperature 0 is
   * cached, an unset one is asked at 0 and cached, a higher one is bypassed.
   */
  static CachePolicy defaults() {
    return builder().build();
  }

  /** Returns a builder that starts with the presets. */
  static UseCasePolicy.Builder builder() {
    return new UseCasePolicy.Builder();
  }
}
