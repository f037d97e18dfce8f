package dev.reprise.engine;

import dev.reprise.curated.CuratedAnswers;
import dev.reprise.curated.CuratedProposal;
import dev.reprise.curated.JudgeRole;
import dev.reprise.engine.CuratedSearch.Missed;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Exchange;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import java.time.InstantSource;

/**
 * Finds other wordings of curated questions: a question was near a curated one, the upstream
 * answered it, and the judge finds that both answers say the same. Safe for use by several threads.
 */
final class CuratedJudge {
  private final CuratedAnswers answers;
  private final JudgeRole role;
  private final AnswerJudge judge;
  private final Learner learner;
  private final InstantSource clock;
  private final EventHub events;

  CuratedJudge(
      CuratedAnswers answers,
      JudgeRole role,
      AnswerJudge judge,
      Learner learner,
      InstantSource clock,
      EventHub events) {
    this.answers = answers;
    this.role = role;
    this.judge = judge;
    this.learner = learner;
    this.clock = clock;
    this.events = events;
  }

  /** The upstream answered a question that was near a curated one. Judged in the background. */
  void answered(Missed missed, Scope scope, Answer fresh) {
    if (role != JudgeRole.OFF && judge != AnswerJudge.NONE) {
      learner.whenFree(() -> judge(missed, scope, fresh));
    }
  }

  private void judge(Missed missed, Scope scope, Answer fresh) {
    String question = missed.asked().text();
    CuratedProposal proposal =
        new CuratedProposal(
            missed.entry().id(), question, scope, missed.confidence(), clock.instant());
    try {
      if (answers.isKnown(proposal)) {
        return;
      }
      Judgement verdict =
          judge.judge(
              new Exchange(question, fresh.text()),
              new Exchange(missed.wording(), missed.entry().answer()));
      if (verdict == Judgement.SAME) {
        switch (role) {
          case OFF -> {}
          case PROPOSE -> answers.propose(proposal);
          case ADOPT -> answers.adopt(proposal);
        }
      }
    } catch (Throwable e) {
      events.trouble("curated", e);
    }
  }
}
