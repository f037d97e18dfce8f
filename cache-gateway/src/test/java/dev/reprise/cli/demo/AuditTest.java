package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTest {
  @Test
  void anAnswerToAnotherQuestionAndAnAnswerOutOfDateAreWrong() {
    Audit audit = Audit.of(Samples.run(), Samples.ANSWERS);
    assertThat(audit.judged()).isEqualTo(5);
    assertThat(audit.unjudged()).isZero();
    assertThat(audit.wrong())
        .extracting(Audit.Wrong::cached, Audit.Wrong::match, Audit.Wrong::why)
        .containsExactly(
            tuple(
                "How do I turn it on?", new Audit.Match.Near(0.971), "it answers another question"),
            tuple("What does it cost?", new Audit.Match.Exact(), "the answer is out of date"));
  }

  @Test
  void withoutLabelsNothingIsClaimed() {
    Audit audit =
        Audit.of(
            List.of(
                new Asked(DemoQuestion.plain(1, "Why?"), Samples.miss("So.", 100)),
                new Asked(DemoQuestion.plain(2, "Why so?"), Samples.near("So.", "Why?", 0.99))),
            Answers.none());
    assertThat(audit).isEqualTo(new Audit(0, 1, List.of()));
  }

  @Test
  void anAnswerFromBeforeTheRunIsNotJudged() {
    Audit audit =
        Audit.of(
            List.of(new Asked(Samples.question(1, "Why?", "why"), Samples.near("Old.", "", 0.99))),
            Answers.none());
    assertThat(audit).isEqualTo(new Audit(0, 1, List.of()));
  }

  @Test
  void anAnswerThatTheUpstreamGaveToBothIsRightForBoth() {
    Audit audit =
        Audit.of(
            List.of(
                new Asked(Samples.question(1, "Open?", "open"), Samples.miss("Yes.", 100)),
                new Asked(Samples.question(2, "Safe?", "safe"), Samples.miss("Yes.", 100)),
                new Asked(
                    Samples.question(3, "Is it safe?", "safe"),
                    Samples.near("Yes.", "Open?", 0.9))),
            Answers.none());
    assertThat(audit).isEqualTo(new Audit(1, 0, List.of()));
  }
}
