package dev.reprise.policy;

import dev.reprise.model.Reason;
import dev.reprise.model.UseCase;
import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.Objects;

/** How the requests of one use case are cached. */
public sealed interface UseCaseRule {
  /** Time to live of the answer to a question in free words: 24 hours. */
  Duration QUESTION_TIME_TO_LIVE = Duration.ofHours(24);

  /** Shortest and default time to live of the answer to a frequently asked question: 24 hours. */
  Duration FAQ_SHORTEST = Duration.ofHours(24);

  /** Longest time to live of the answer to a frequently asked question: 3 days. */
  Duration FAQ_LONGEST = Duration.ofDays(3);

  /**
   * Longest time to live of a summary: 30 days. It is out of use as soon as a document changes,
   * since the version is in the key; this bound only frees the memory.
   */
  Duration DOCUMENT_SUMMARY_TIME_TO_LIVE = Duration.ofDays(30);

  /** Time to live of a reformulated query: 1 hour. */
  Duration QUERY_REFORMULATION_TIME_TO_LIVE = Duration.ofHours(1);

  /** The forms of {@link #parse}, for messages and help. */
  String FORMS =
      "never, exact or semantic, the latter two with a time to live behind a colon where it is not"
          + " the use case's own (exact:48h; s, m, h, d; from 1s to 365d)";

  /** Returns the use case. */
  UseCase useCase();

  /**
   * Its requests are cached.
   *
   * @param useCase the use case
   * @param matching how they are compared
   * @param binding whether they need documents
   * @param timeToLive time to live of an answer; longer than zero
   */
  record Cached(UseCase useCase, Matching matching, Binding binding, Duration timeToLive)
      implements UseCaseRule {
    public Cached {
      Objects.requireNonNull(useCase, "useCase");
      Objects.requireNonNull(matching, "matching");
      Objects.requireNonNull(binding, "binding");
      Objects.requireNonNull(timeToLive, "timeToLive");
      Checks.positive("time to live of " + useCase.name(), timeToLive);
    }

    /** Returns the same rule for requests that must name the versions of their documents. */
    public Cached withDocuments() {
      return new Cached(useCase, matching, Binding.DOCUMENTS, timeToLive);
    }
  }

  /**
   * Its requests are never cached.
   *
   * @param useCase the use case
   * @param code why
   */
  record Never(UseCase useCase, Reason.Code code) implements UseCaseRule {
    public Never {
      Objects.requireNonNull(useCase, "useCase");
      Objects.requireNonNull(code, "code");
    }
  }

  /** How requests are compared. */
  enum Matching {
    EXACT,
    EXACT_THEN_SEMANTIC
  }

  /** Whether requests need documents. */
  enum Binding {
    /** They may name documents. */
    FREE,
    /**
     * They must name the versions of the documents that they are about; without, they bypass the
     * cache.
     */
    DOCUMENTS
  }

  /**
   * A use case of your own whose requests are matched exactly only.
   *
   * @param timeToLive how long an answer is cached; longer than zero
   */
  static Cached exact(UseCase useCase, Duration timeToLive) {
    return new Cached(useCase, Matching.EXACT, Binding.FREE, timeToLive);
  }

  /**
   * A use case of your own whose requests are matched exactly, then by meaning.
   *
   * @param timeToLive how long an answer is cached; longer than zero
   */
  static Cached semantic(UseCase useCase, Duration timeToLive) {
    return new Cached(useCase, Matching.EXACT_THEN_SEMANTIC, Binding.FREE, timeToLive);
  }

  /** A use case of your own whose requests are never cached: {@link Reason.Code#RULE}. */
  static Never never(UseCase useCase) {
    return new Never(useCase, Reason.Code.RULE);
  }

  /** Questions in free words: exact and semantic, {@link #QUESTION_TIME_TO_LIVE}. */
  static UseCaseRule question() {
    return new Cached(
        UseCase.QUESTION, Matching.EXACT_THEN_SEMANTIC, Binding.FREE, QUESTION_TIME_TO_LIVE);
  }

  /** Answers to frequently asked questions: exact, {@link #FAQ_SHORTEST}. */
  static UseCaseRule faq() {
    return faq(FAQ_SHORTEST);
  }

  /**
   * Answers to frequently asked questions: exact.
   *
   * @param timeToLive from {@link #FAQ_SHORTEST} to {@link #FAQ_LONGEST}
   * @throws IllegalArgumentException if it is out of range
   */
  static UseCaseRule faq(Duration timeToLive) {
    Objects.requireNonNull(timeToLive, "timeToLive");
    return new Cached(
        UseCase.FAQ,
        Matching.EXACT,
        Binding.FREE,
        Checks.inRange("time to live of faq", timeToLive, FAQ_SHORTEST, FAQ_LONGEST));
  }

  /** Summaries of documents: exact, until a document changes. */
  static UseCaseRule documentSummary() {
    return new Cached(
        UseCase.DOCUMENT_SUMMARY, Matching.EXACT, Binding.DOCUMENTS, DOCUMENT_SUMMARY_TIME_TO_LIVE);
  }

  /**
   * Reformulations of a query for retrieval: exact and semantic, {@link
   * #QUERY_REFORMULATION_TIME_TO_LIVE}.
   */
  static UseCaseRule queryReformulation() {
    return new Cached(
        UseCase.QUERY_REFORMULATION,
        Matching.EXACT_THEN_SEMANTIC,
        Binding.FREE,
        QUERY_REFORMULATION_TIME_TO_LIVE);
  }

  /** Creative texts: never. */
  static UseCaseRule creative() {
    return new Never(UseCase.CREATIVE, Reason.Code.CREATIVE);
  }

  /** Answers that are out of date at once: never. */
  static UseCaseRule dynamic() {
    return new Never(UseCase.DYNAMIC, Reason.Code.DYNAMIC);
  }

  /**
   * Reads a rule from a configuration: {@code never}, {@code exact}, {@code exact:48h}, {@code
   * semantic} or {@code semantic:1h}. Without a time to live it has that of its preset; a use case
   * of your own has that of {@link #question}.
   *
   * @param useCase its name: lower-case words with hyphens
   * @param rule one of the {@link #FORMS}
   * @throws IllegalArgumentException if the name or the rule has another form, or the time to live
   *     is out of range
   */
  static UseCaseRule parse(String useCase, String rule) {
    Objects.requireNonNull(useCase, "useCase");
    Objects.requireNonNull(rule, "rule");
    return UseCaseRuleParser.parse(useCase, rule);
  }
}
