package dev.reprise.engine;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A matcher that never throws: where it fails, a candidate is rejected. */
final class GuardedMatcher {
  private static final String PART = "matcher";
  private static final MatchDecision.Reject FAILED =
      new MatchDecision.Reject(-1, "the matcher failed");

  private final Matcher matcher;
  private final EventHub events;

  GuardedMatcher(Matcher matcher, EventHub events) {
    this.matcher = matcher;
    this.events = events;
  }

  /** Returns the matcher itself. */
  Matcher matcher() {
    return matcher;
  }

  /** Returns the form of {@code question} that is embedded. */
  String comparable(Scope scope, String question) {
    try {
      return matcher.wording().comparable(scope, question);
    } catch (Throwable e) {
      events.trouble(PART, e);
      return question;
    }
  }

  /**
   * Tells the matcher that an answer has been stored. Returns what others can learn from it.
   *
   * @param context the other texts of the request; null if they are not known
   */
  List<String> learnFrom(Scope scope, String question, Answer answer, @Nullable String context) {
    try {
      return matcher.wording().learnFrom(scope, question, answer, context);
    } catch (Throwable e) {
      events.trouble(PART, e);
      return List.of();
    }
  }

  /** Returns the least similarity that it could accept. */
  Similarity floor() {
    return matcher.floor();
  }

  /** Returns the same matcher within a stricter bound. */
  GuardedMatcher within(double wrongRate) {
    return new GuardedMatcher(matcher.within(WrongAnswerBound.perLookup(wrongRate)), events);
  }

  MatchExplanation explain(MatchCandidate candidate) {
    try {
      return matcher.explain(candidate);
    } catch (Throwable e) {
      events.trouble(PART, e);
      return MatchExplanation.of(FAILED);
    }
  }
}
