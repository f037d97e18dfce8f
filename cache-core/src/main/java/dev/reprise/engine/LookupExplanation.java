package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchExplanation.Step;
import dev.reprise.model.Reason;
import dev.reprise.model.Similarity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a lookup of one request finds.
 *
 * @param bypass why the request is not looked up; empty if it is looked up
 * @param key its exact key; empty if it is not looked up
 * @param exactTier the tier with an exact hit; empty without one
 * @param compared the question as it is embedded; empty if it is not compared by meaning
 * @param note why there are no candidates; empty if there are any
 * @param candidates the nearest cached questions, nearest first; the first accepted one is served
 *     if there is no exact hit
 */
public record LookupExplanation(
    Optional<Reason> bypass,
    Optional<ExactKey> key,
    Optional<String> exactTier,
    Optional<String> compared,
    String note,
    List<Candidate> candidates) {
  /**
   * A cached question, and what the matcher makes of it.
   *
   * @param entry the key of its entry
   * @param question as its user wrote it; empty where its entry cannot be served
   * @param similarity how near it is
   * @param match the stages and their scores
   */
  public record Candidate(
      ExactKey entry, String question, Similarity similarity, MatchExplanation match) {
    /** Returns whether its answer may be served. */
    public boolean isAccepted() {
      return match.decision() instanceof MatchDecision.Accept;
    }
  }

  public LookupExplanation {
    candidates = List.copyOf(candidates);
  }

  /** Returns the explanation of a request that is not looked up. */
  public static LookupExplanation bypassed(Reason reason) {
    return new LookupExplanation(
        Optional.of(reason), Optional.empty(), Optional.empty(), Optional.empty(), "", List.of());
  }

  /** Returns the candidate whose answer would be served by meaning. */
  public Optional<Candidate> served() {
    return exactTier.isPresent()
        ? Optional.empty()
        : candidates.stream().filter(Candidate::isAccepted).findFirst();
  }

  /** Returns it in lines for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    bypass.ifPresent(why -> line(text, "not looked up: %s (%s)", why.code(), why.detail()));
    key.ifPresent(
        exact ->
            line(
                text,
                "exact: %s",
                exactTier.map(tier -> "a hit, in " + tier).orElse("not stored") + ", " + exact));
    compared.ifPresent(form -> line(text, "by meaning: \"%s\"", form));
    if (!note.isEmpty()) {
      line(text, "by meaning: %s", note);
    }
    for (Candidate candidate : candidates) {
      line(
          text,
          "  %s, cosine %.3f: \"%s\"",
          candidate.isAccepted() ? "accepted" : "rejected",
          candidate.similarity().cosine(),
          candidate.question());
      if (!candidate.match().language().isEmpty()) {
        line(text, "    %-10s %s", "language", candidate.match().language());
      }
      for (Step step : candidate.match().steps()) {
        line(
            text,
            "    %-10s %-8s %s",
            step.stage().name().toLowerCase(Locale.ROOT),
            step.result().name().toLowerCase(Locale.ROOT),
            step.words());
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
