package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EqualWordingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "How do I reset my password?|how do i reset my password",
        "How do I reset my password?|Hello, how do I reset my password? Thanks",
        "What's the fee?|What is the fee?",
        "Where is my parcel|where is my parcel??",
        "Wie ändere ich mein Passwort?|wie ändere ich mein passwort"
      })
  void theSameWordsAreEqual(String one, String other) {
    assertThat(EqualWording.key(one)).isEqualTo(EqualWording.key(other));
    assertThat(EqualWording.areEqual(one, other)).isTrue();
    assertThat(EqualWording.areEqual(other, one)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What does %y print?|What does %Y print?",
        "How many mW is that?|How many MW is that?",
        "What does \\w match?|What does \\W match?",
        "How do I reset my password?|How do I reset his password?",
        "Is it safe?|Is it not safe?",
        "Is the price 5?|Is the price 6?"
      })
  void whatSaysSomethingElseIsNot(String one, String other) {
    boolean isFound = EqualWording.key(one).equals(EqualWording.key(other));
    assertThat(isFound && EqualWording.areEqual(one, other)).isFalse();
    assertThat(EqualWording.areEqual(one, other)).isFalse();
  }
}
