package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Hi, how do I reset my password? Thanks!             | how do I reset my password
          Could you please tell me how to reset my password?  | how to reset my password
          Please explain DNS.                                 | explain DNS
          Can you explain DNS, please?                        | explain DNS
          Good morning! I was wondering if you ship to Spain. | if you ship to Spain
          Hello, can you tell me when my card will arrive?    | when my card will arrive
          I'd like to know what a fuse does, thank you        | what a fuse does
          what   is\u00a0 DNS ??                              | what is DNS
          What is ＤＮＳ？                                      | What is DNS
          What’s DNS?                                         | What's DNS
          """)
  void politenessSpacesAndTheEndAreTakenOff(String text, String tidy) {
    assertThat(Normalization.withoutPoliteness(text)).isEqualTo(tidy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How do you say thank you",
        "How do I spell please",
        "Hello Kitty backpack price",
        "Can you swim in the Dead Sea",
        "Hey Jude chords",
        "What is 5!",
        "How much is 10²",
        "Would you rather fly or drive",
        "Do you know Paris",
        "C++ or C#",
        "Question marks in URLs"
      })
  void whatCarriesMeaningStays(String text) {
    assertThat(Normalization.withoutPoliteness(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"please", "Thanks!", "?", "hi", "...", "Hello!", "1", "\uD83D\uDE00"})
  void nothingIsLeftBlank(String text) {
    assertThat(Normalization.withoutPoliteness(text)).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What's DNS                | what is dns
          Why can't I log in        | Why can not I log in
          why cannot I log in       | Why can't I log in
          In Java, how do I sort    | in java how do i sort
          It doesn't work           | It does not work
          """)
  void caseContractionsAndCommasAreOneKey(String one, String other) {
    assertThat(Normalization.comparisonKey(one)).isEqualTo(Normalization.comparisonKey(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Is it safe    | Is it not safe
          10² metres    | 102 metres
          C             | C++
          1,000         | 1000,5
          """)
  void whatDiffersHasAnotherKey(String one, String other) {
    assertThat(Normalization.comparisonKey(Normalization.withoutPoliteness(one)))
        .isNotEqualTo(Normalization.comparisonKey(Normalization.withoutPoliteness(other)));
  }
}
