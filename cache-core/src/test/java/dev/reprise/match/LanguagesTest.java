package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {
  private static final Scope SCOPE = Scope.of("tenant-a");
  private static final Verifier SURE =
      new Verifier() {
        @Override
        public Verdict verify(String asked, String cached, Similarity similarity) {
          return new Verdict.LogOdds(20);
        }

        @Override
        public Calibration calibration() {
          return new Calibration(
              0, 1, 0, List.of(new Calibration.Point(WrongAnswerBound.perLookup(0.01), 0.9)));
        }
      };

  private final VerifiedMatcher matcher = Matcher.verified(SURE, WrongAnswerBound.perLookup(0.01));

  private static MatchExplanation explain(Matcher matcher, String asked, String cached) {
    return matcher.explain(
        MatchCandidate.alone(SCOPE, asked, cached, Answer.ofText("a"), new Similarity(0.99)));
  }

  private static boolean accepts(Matcher matcher, String asked, String cached) {
    return explain(matcher, asked, cached).decision() instanceof MatchDecision.Accept;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en|How do I open an account?",
        "en|TCP vs UDP",
        "en|Was the pool open yesterday?",
        "en|Who directed Amélie and is it good?",
        "en|What does \"wie geht es dir\" mean?",
        "de|Wie eröffne ich ein Konto?",
        "de|Was kostet der Eintritt?",
        "fr|Comment fermer mon compte ?",
        "es|¿Dónde está la farmacia?",
        "it|Come chiudo il conto?",
        "pt|Como fecho a minha conta?",
        "nl|Hoe sluit ik mijn rekening?",
        "pl|Jak zamknąć konto?",
        "zh|怎么关闭账户？",
        "ja|口座はどうやって閉じますか",
        "fr|Comment payer ?",
        "fr|« Comment payer ? »",
        "ko|계좌를 어떻게 닫나요?",
        "en|Is chickenpox contagious?",
        "en|set a ten second timer",
        "en|what's delta's carry on policy",
        "en|hyperkalaemia ECG signs",
        "en|Example of assonance?",
        "en|Taj Mahal?",
        "en|Sam Altman?",
        "en|main menu",
        "hu|Mikor nyit a bolt?",
        "ms|Bolehkah saya masuk sebelum pukul tujuh?",
        "ca|Com puc canviar la contrasenya?",
        "sw|Ninaweza kufunga akaunti yangu vipi?",
        "tl|Paano ko isasara ang account ko?",
        "hi|mera password kaise badle",
        "und|Nawezaje kuongeza sauti ya simu?",
        "und|Smijem li parkirati ispred zgrade?",
        "und|Adakah kereta terakhir lewat pukul sebelas?",
        "und|Pos anoigo ton logariasmo mou?",
        "und|Kailangan mangyari kahapon",
        "und|Как закрыть счёт?",
        "und|ฉันจะปิดบัญชีได้อย่างไร"
      })
  void aLanguageIsTold(String code, String text) {
    assertThat(Languages.of(text)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ist der Laden heute offen?|Ist der Laden heute nicht offen?",
        "Was heißt schwul?|Was heißt schwül?",
        "Comment monter le son ?|Comment baisser le son ?",
        "¿Puedo pagar con tarjeta?|¿Puedo pagar sin tarjeta?",
        "Posso entrare prima delle otto?|Posso entrare dopo le otto?",
        "Como abro a porta?|Como fecho a porta?",
        "Mag ik hier parkeren?|Mag ik hier niet parkeren?",
        "Jak otworzyć plik?|Jak zamknąć plik?",
        "怎么打开灯？|怎么关闭灯？",
        "Как включить звук?|Как выключить звук?",
        "How do I say yes?|Wie sage ich ja?"
      })
  void anotherLanguageIsMatchedByTheSameWordsOnly(String asked, String cached) {
    assertThat(accepts(matcher, asked, cached)).isFalse();
    assertThat(accepts(matcher, cached, asked)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ist der Laden heute offen?|ist der laden heute offen",
        "Wo ist der Bahnhof, bitte?|Wo ist der Bahnhof?",
        "Comment puis-je payer ?|Comment payer ?",
        "¿Dónde está la farmacia, por favor?|¿Dónde está la farmacia?",
        "如何付款？|怎么付款？",
        "请问如何付款？|如何付款"
      })
  void theSameWordsAreTheSame(String asked, String cached) {
    assertThat(accepts(matcher, asked, cached)).isTrue();
    assertThat(accepts(matcher, cached, asked)).isTrue();
  }

  @Test
  void theExplanationNamesTheLanguage() {
    assertThat(explain(matcher, "Wo ist der Bahnhof?", "Wo ist die Post?").language())
        .isEqualTo("de");
    assertThat(explain(matcher, "Where is it?", "Where was it?").language()).isEqualTo("en");
    assertThat(explain(matcher, "Where is the post?", "Wo ist die Post?").language())
        .isEqualTo("mul");
  }

  @Test
  void aCodeThatIsNeverDetectedIsRefused() {
    VerifiedMatcher.Builder builder = VerifiedMatcher.builder(SURE);
    assertThatThrownBy(() -> builder.languages(Set.of("en", "german")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the language german is not detected; the codes are ")
        .hasMessageContaining("de, ")
        .hasMessageContaining("zh");
    assertThatThrownBy(() -> builder.languages(Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.languages(Set.of("en", "zh", "und", "mul")).build()).isNotNull();
  }

  @Test
  void aLanguageThatTheModelsReadHasItsOwnGuards() {
    Matcher german = VerifiedMatcher.builder(SURE).languages(Set.of("en", "de")).build();
    assertThat(accepts(german, "Wann öffnet die Post?", "Ab wann ist die Post auf?")).isTrue();
    assertThat(accepts(german, "Darf ich hier parken?", "Darf ich hier nicht parken?")).isFalse();
    assertThat(accepts(german, "Ist alles mit Zucker?", "Ist alles ohne Zucker?")).isFalse();
    assertThat(accepts(german, "Où est la poste ?", "Où se trouve la poste ?")).isFalse();
  }
}
