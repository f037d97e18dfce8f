package dev.reprise.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.learn.AnswerJudge.Exchange;
import dev.reprise.learn.AnswerJudge.Judgement;
import org.junit.jupiter.api.Test;

class EmbeddingJudgeTest {
  private static final EmbeddingJudge JUDGE = EmbeddingJudge.of(MiniLmEmbedder.load());

  private static Judgement judge(String fresh, String cached) {
    return JUDGE.judge(new Exchange("a question", fresh), new Exchange("another", cached));
  }

  @Test
  void theSameAnswerInOtherWordsIsTheSame() {
    assertThat(judge("Paris.", "  paris. ")).isEqualTo(Judgement.SAME);
    assertThat(
            judge(
                "You can reset your password on the account page. Click \"Forgot password\".",
                "To reset your password, open your account page and click \"Forgot password\"."))
        .isEqualTo(Judgement.SAME);
    assertThat(
            judge(
                "Returns are free within 30 days of delivery.",
                "Within 30 days of delivery, you can return items for free."))
        .isEqualTo(Judgement.SAME);
  }

  @Test
  void anotherAnswerIsDifferent() {
    assertThat(
            judge(
                "Returns are free within 30 days of delivery.",
                "Returns are free within 14 days of delivery."))
        .isEqualTo(Judgement.DIFFERENT);
    assertThat(
            judge(
                "You can pay by credit card or by invoice.",
                "We deliver to Austria, Germany and Switzerland."))
        .isEqualTo(Judgement.DIFFERENT);
    assertThat(
            judge(
                "Rag dolls are dolls made of cloth.",
                "Retrieval-augmented generation lets a model look things up before it answers."))
        .isEqualTo(Judgement.DIFFERENT);
  }

  @Test
  void ofNothingItCannotTell() {
    assertThat(judge("", "Paris.")).isEqualTo(Judgement.UNKNOWN);
    assertThat(judge("...", "Paris.")).isEqualTo(Judgement.UNKNOWN);
  }

  @Test
  void aLongAnswerIsReadPieceByPiece() {
    String sentence = "Open the page of your orders and choose the appliance that you want. ";
    assertThat(judge(sentence.repeat(200), sentence.repeat(100))).isEqualTo(Judgement.SAME);
  }

  @Test
  void anAgreementOutOfRangeIsRefused() {
    assertThatThrownBy(() -> EmbeddingJudge.of(MiniLmEmbedder.load(), 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("agreement");
  }
}
