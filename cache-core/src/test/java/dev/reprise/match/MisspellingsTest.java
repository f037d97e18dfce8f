package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "can i chnage my fligth date?|can i change my flight date?",
        "Do you have wheelchiar acces?|Do you have wheelchair access?",
        "how do i convert a stirng to an interger in pyhton|how do i convert a string to an integer in python",
        "How do I make scrabmled tofu?|How do I make scrambled tofu?",
        "unsubcribe from the newsleter|unsubscribe from the newsletter",
        "wirte a for loop in rust|write a for loop in rust",
        "how many vacaton days do i have letf|how many vacation days do i have left",
        "what is photosinthesis|what is photosynthesis",
        "lifespan of a hampster|lifespan of a hamster",
        "deadlnie for tax retruns|deadline for tax returns",
        "which vitamens are in brocolli|which vitamins are in broccoli",
        "Pasword rest|Password rest",
        "the compnay's adres|the company's address"
      })
  void unlistedMistakesAreCorrected(String written, String corrected) {
    assertThat(Misspellings.corrected(written)).isEqualTo(corrected);
  }

  /** Rare words, names, products, medicines, code, quotes, other languages, words asked about. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "is argan oil good for hair",
        "is teff gluten free",
        "what is cassia and what is cassis",
        "songs by the jonas brothers",
        "khan academy or kahn academy",
        "hydroxyzine or hydralazine for sleep",
        "how do i merge two frames in pandas",
        "kubernetes and numpy and redis",
        "can i take lisinopril with ambien",
        "upload a form from home",
        "how do i call pritn() in python",
        "run git chekout -b main",
        "cd /etc/systme/conf",
        "what does compnay mean",
        "define the word wether",
        "how do you say 'recieve'",
        "why does `lenght` not compile",
        "who is Alica Kayes",
        "who is stephn hawkng",
        "a letter to Mr Cartr",
        "price of an RX7900XT and an iphnoe13",
        "email me at compnay@mail.example",
        "tell me about #adrees and @compnay",
        "kako promijeniti zaporku na racunu",
        "wie kann ich mein passwort zurucksetzen",
        "como puedo cancelar mi pedido"
      })
  void otherWordsAreLeftAlone(String written) {
    assertThat(Misspellings.corrected(written)).isEqualTo(written);
  }

  /** Where two words are equally near, nobody knows which one was meant. */
  @Test
  void oneOfTwoWordsIsNotGuessed() {
    assertThat(Misspellings.corrected("the best boling")).isEqualTo("the best boling");
  }

  /** Both lists are on the heap while the matcher is used. */
  @Test
  void listsAreSmall() throws IOException {
    int bytes = 0;
    for (String list : List.of("known-words.bin", "frequent.txt")) {
      try (InputStream in = Misspellings.class.getResourceAsStream("en/" + list)) {
        bytes += Objects.requireNonNull(in, list).readAllBytes().length;
      }
    }
    assertThat(bytes).isLessThan(1_000_000);
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
