package dev.reprise.engine;

import dev.reprise.key.Question;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Exchange;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.model.Answer;
import dev.reprise.policy.Admission;
import java.time.InstantSource;
import java.util.Optional;

/*
 * Without a judge nothing can be compared, and the rate of wrong answers stays unknown.
 */
/**
 * Compares, in the background, the fresh answers of shadow mode with those that live mode would
 * have served. Safe for use by several threads.
 */
final class Comparisons {
  private final AnswerJudge judge;
  private final Learner learner;
  private final InstantSource clock;
  private final EventHub events;

  Comparisons(AnswerJudge judge, Learner learner, InstantSource clock, EventHub events) {
    this.judge = judge;
    this.learner = learner;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Compares, if the fresh answer is one that would be stored: an error says nothing of the cache.
   *
   * @param hit what live mode would have served
   */
  void compare(Outcome.Hit hit, Lookup lookup, Answer fresh) {
    if (hit instanceof Outcome.CuratedHit) {
      // Whether people or the model are right is not for a judge to say.
      return;
    }
    try {
      lookup.answeredInsteadOf(hit.entry(), fresh);
      Planned.Cached planned = lookup.planned();
      if (judge == AnswerJudge.NONE
          || !(planned.policy().admit(planned.request(), fresh, clock.instant())
              instanceof Admission.Store)) {
        return;
      }
      Optional<Learner.Considered> accepted = lookup.trace().accepted();
      Exchange asked = new Exchange(text(lookup.question()), fresh.text());
      Exchange cached = new Exchange(text(hit.entry().question()), hit.answer().text());
      learner.whenFree(() -> judge(hit, accepted, asked, cached));
    } catch (Throwable e) {
      events.trouble("shadow", e);
    }
  }

  private void judge(
      Outcome.Hit hit, Optional<Learner.Considered> accepted, Exchange asked, Exchange cached) {
    Judgement verdict;
    try {
      verdict = judge.judge(asked, cached);
    } catch (Throwable e) {
      events.trouble("judge", e);
      return;
    }
    if (verdict != Judgement.UNKNOWN) {
      boolean isSame = verdict == Judgement.SAME;
      accepted.ifPresent(served -> learner.compared(served, isSame));
      events.emit(new CacheEvent.Compared(hit, isSame));
    }
  }

  private static String text(Question question) {
    return question instanceof Question.Semantic semantic ? semantic.text() : "";
  }
}
