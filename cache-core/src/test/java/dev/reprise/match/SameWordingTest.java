package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Examples in wordings.txt: what is one question in two wordings, and what is not. */
class SameWordingTest {
  @ParameterizedTest
  @CsvFileSource(resources = "wordings.txt", delimiter = '|')
  void isSameOrNot(String expected, String one, String other) {
    assertThat(of(one).isSame(of(other))).isEqualTo(expected.equals("same"));
    assertThat(of(other).isSame(of(one))).isEqualTo(expected.equals("same"));
  }

  private static SameWording of(String question) {
    String tidy = Normalization.withoutPoliteness(question);
    return SameWording.of(SameWords.of(QuestionSide.of(question), tidy));
  }
}
