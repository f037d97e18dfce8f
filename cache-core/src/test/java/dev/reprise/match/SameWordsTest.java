package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "How long is 2 weeks?",
        "What is 5!?",
        "What is C++?",
        "Hello, what is v2.",
        "Is it 5:00 pm? Thanks!",
        "Why $5?!",
        "What is 50%?",
        "What is .NET ..."
      })
  void wordsAreReadOnceWhereOnlyPunctuationWasTakenOff(String question) {
    String tidy = Normalization.withoutPoliteness(question);
    assertThat(SameWords.of(QuestionSide.of(question), tidy))
        .isEqualTo(SameWords.of(QuestionSide.of(tidy), tidy));
  }
}
