package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Each guard by examples in guards.txt: which object, and to what nobody does. */
class GuardTest {
  @ParameterizedTest
  @CsvFileSource(resources = "guards.txt", delimiter = '|', quoteCharacter = '\u0001')
  void objectsOrNot(String guard, String asked, String cached) {
    for (QuestionPair pair :
        List.of(QuestionPair.of(asked, cached), QuestionPair.of(cached, asked))) {
      if (guard.equals("none")) {
        for (Guard any : Guard.all()) {
          assertThat(any.objection(pair)).as(any.label()).isEmpty();
        }
      } else {
        assertThat(Guard.labelled(guard).objection(pair)).isPresent();
      }
    }
  }

  @Test
  void anObjectionIsASentenceForPeople() {
    assertThat(
            Guard.numbers()
                .objection(QuestionPair.of("Can I return it after 30 days", "... after 14 days")))
        .contains("the question says 30, the cached one 14");
    assertThat(
            Guard.antonyms()
                .objection(QuestionPair.of("How do I enable roaming", "How do I disable roaming")))
        .contains("the question says \"enable\", the cached one \"disable\"");
  }

  @Test
  void guardsAreFoundByTheirLabels() {
    assertThat(Guard.all()).hasSize(23).doesNotHaveDuplicates();
    for (Guard guard : Guard.all()) {
      assertThat(Guard.labelled(guard.label())).isSameAs(guard);
    }
    assertThatThrownBy(() -> Guard.labelled("colour"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no guard is labelled colour; there are [literals, numbers");
  }

  @Test
  void thereAreAtLeast150PairsOfAntonyms() {
    assertThat(Antonyms.size()).isGreaterThan(300);
  }

  @Test
  void noTextMakesThemThrow() {
    Random random = new Random(42);
    String alphabet =
        "aZ0 1,.:;'\"`-_/()?!$€%°+#\n"
            + "\t\u00e9\u00df\u0130\u6771\u4eac\u0645\uD83D\uDE00\uD83D½²٣İ\u200b";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(40); n >= 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      everything(text.toString(), text.reverse().toString());
    }
  }

  @Test
  void longTextsTakeNoLongerThanTheirLengthAllows() {
    for (String piece :
        List.of(
            "a",
            "(",
            "1,",
            "not ",
            "RAG (",
            "'",
            "\"a",
            "from a to b ",
            "New York ",
            "1.",
            "v",
            "hundred ",
            "hi ",
            "please ",
            "++",
            "A_",
            "--x ",
            "thanks, ",
            "f(",
            "-1 ",
            "= ",
            "  ",
            "(RAG) ")) {
      String text = piece.repeat(200_000 / piece.length());
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> everything(text, text + "b"), piece);
    }
  }

  private static void everything(String one, String other) {
    QuestionPair pair =
        QuestionPair.of(
            Normalization.withoutPoliteness(one), Normalization.withoutPoliteness(other));
    for (Guard guard : Guard.all()) {
      assertThat(guard.objection(pair)).isNotNull();
    }
    // As it was written, with all its spaces.
    Formulas.difference(one, other);
    Definitions.in(one);
    Normalization.comparisonKey(Normalization.withoutPoliteness(one));
  }
}
