package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MisspellingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "how can i change the adress?|how can i change the address?",
        "What's a routing nubmer?|What's a routing number?",
        "i did not recieve my reciept|i did not receive my receipt",
        "How do you spell adress?|How do you spell adress?",
        "Why is \"recieve\" wrong?|Why is \"recieve\" wrong?",
        "Spell accomodation|Spell accomodation",
        "lyrics of mony mony|lyrics of mony mony",
        "What is an address?|What is an address?"
      })
  void mistakesAreCorrected(String written, String corrected) {
    assertThat(Misspellings.corrected(written)).isEqualTo(corrected);
  }

  /** Two words of everyday English are never made one. */
  @Test
  void noMistakeIsAWord() {
    Set<String> words = new HashSet<>(Language.ENGLISH.words("vocabulary"));
    words.retainAll(Language.ENGLISH.aliases("misspellings").keySet());
    words.removeAll(new HashSet<>(Language.ENGLISH.aliases("misspellings").values()));
    assertThat(words).isEmpty();
  }
}
