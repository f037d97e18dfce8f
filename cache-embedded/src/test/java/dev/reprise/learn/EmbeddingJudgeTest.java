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
  void anExchangedDirectionIsDifferent() {
    assertThat(
            judge(
                "Move the money from your current account to your savings account.",
                "Move the money from your savings account to your current account."))
        .isEqualTo(Judgement.DIFFERENT);
    String steps =
        " Open the app first and sign in with your code. Then choose Transfers in the menu at the"
            + " bottom of the screen. You will find the receipt in your inbox after a few minutes,"
            + " and it is kept there for a year.";
    assertThat(
            judge(
                "You can convert euros into dollars in the wallet." + steps,
                "You can convert dollars into euros in the wallet." + steps))
        .isEqualTo(Judgement.DIFFERENT);
    assertThat(
            judge(
                "The warranty does cover water damage to the case." + steps,
                "The warranty does not cover water damage to the case." + steps))
        .isEqualTo(Judgement.DIFFERENT);
    assertThat(judge("It takes a day." + steps, "It takes one day." + steps))
        .isEqualTo(Judgement.SAME);
  }

  @Test
  void answersToExchangedQuestionsAreDifferent() {
    Exchange fresh =
        new Exchange(
            "How do I move money from current to savings?",
            "Tap Transfer, choose current as the source and savings as the target.");
    Exchange cached =
        new Exchange(
            "How do I move money from savings to current?",
            "Tap Transfer, choose savings as the source and current as the target.");
    assertThat(JUDGE.judge(fresh, cached)).isEqualTo(Judgement.DIFFERENT);
    assertThat(JUDGE.judge(fresh, new Exchange(cached.question(), fresh.answer())))
        .isEqualTo(Judgement.SAME);
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
