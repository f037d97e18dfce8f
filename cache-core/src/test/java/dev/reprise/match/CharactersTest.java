package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a verifier that takes everything for the same, as one does that reads the same tokens. */
class CharactersTest {
  private static final Scope SCOPE = Scope.of("tenant-a");
  private static final Verifier BLIND =
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

  private final Matcher matcher = Matcher.verified(BLIND, WrongAnswerBound.perLookup(0.01));

  private MatchDecision decide(String asked, String cached) {
    return matcher.decide(
        MatchCandidate.alone(SCOPE, asked, cached, Answer.ofText("an answer"), new Similarity(1)));
  }

  private void assertDifferent(String one, String other) {
    for (MatchDecision decision : List.of(decide(one, other), decide(other, one))) {
      assertThat(decision).as(one + " / " + other).isInstanceOf(MatchDecision.Reject.class);
      assertThat(((MatchDecision.Reject) decision).stage()).isEqualTo(MatchStage.GUARDS);
    }
  }

  private void assertSame(String one, String other) {
    for (MatchDecision decision : List.of(decide(one, other), decide(other, one))) {
      assertThat(decision).as(one + " / " + other).isInstanceOf(MatchDecision.Accept.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ร้านอยู่ที่ไหน|ห้องน้ำอยู่ที่ไหน",
        "ຮ້ານຢູ່ໃສ|ຫ້ອງນ້ຳຢູ່ໃສ",
        "ဆိုင်ဘယ်မှာလဲ|အိမ်သာဘယ်မှာလဲ",
        "ሱቁ የት ነው?|ባንኩ የት ነው?",
        "கடை எங்கே?|வங்கி எங்கே?",
        "दुकान कहाँ है?|बैंक कहाँ है?",
        "სად არის ბანკი?|სად არის მაღაზია?",
        "Որտեղ է բանկը|Որտեղ է խանութը",
        "ទូរស័ព្ទនៅឯណា|ធនាគារនៅឯណា",
        "బ్యాంకు ఎక్కడ?|దుకాణం ఎక్కడ?",
        "ব্যাংক কোথায়?|দোকান কোথায়?",
        "ᏗᏍᎩ|ᎠᎹ",
        "Где находится банк?|Где находится магазин?",
        "Πού είναι η τράπεζα;|Πού είναι το μαγαζί;",
        "איפה הבנק?|איפה החנות?",
        "أين البنك؟|أين المتجر؟",
        "银行在哪里？|商店在哪里？",
        "銀行はどこですか|店はどこですか",
        "은행이 어디예요?|가게가 어디예요?",
        "Translate this into English: ขอบคุณ|Translate this into English: ขอโทษ",
        "What does 開 mean?|What does 閉 mean?"
      })
  void aScriptThatTheModelsCannotReadIsComparedLetterByLetter(String one, String other) {
    assertDifferent(one, other);
    assertSame(one, one + " ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What does 👍 mean?|What does 👎 mean?",
        "Is 🟢 on?|Is 🔴 on?",
        "What does 👨‍👩‍👧 mean?|What does 👨‍👩‍👦 mean?",
        "What does 👋🏻 mean?|What does 👋🏿 mean?",
        "Which country is 🇮🇹?|Which country is 🇮🇪?",
        "What does 1️⃣ mean?|What does 1 mean?",
        "What does ❤️ mean?|What does ❤ mean?",
        "What is 𝅘𝅥?|What is 𝅘𝅥𝅮?",
        "What does ∀ mean?|What does ∃ mean?",
        "Is 3 ≤ x?|Is 3 ≥ x?",
        "What is 10²?|What is 10³?",
        "Which key is ⌘?|Which key is ⌥?",
        "What is a ½ cup?|What is a ¼ cup?",
        "What does ™ mean?|What does ® mean?",
        "Which code point is \u212A?|Which code point is K?",
        "How much is \u20bd5?|How much is \u20a95?"
      })
  void aSymbolIsAnotherThanItsLike(String one, String other) {
    assertDifferent(one, other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u200b", "\u200d", "\u200e", "\u202e", "\u2060", "\u2063", "\u2066", "\ufeff", "\u00ad",
        "\u034f", "\u180e", "\u3164", "\u115f", "\ufe0f", "\u0001", "\u0008", "\u001b", "\u007f",
        "\u0085", "\u2028", "\u2002", "\u200a", "\ue000", "\ufffd", "\u0489", "\ufdd0", "\u0378"
      })
  void anInvisibleCharacterIsADifference(String invisible) {
    String plain = "How do I reset my password?";
    assertDifferent(plain, plain + invisible);
    assertDifferent(plain, invisible + plain);
    assertDifferent(plain, "How do I re" + invisible + "set my password?");
    assertDifferent(plain, plain + (" say no" + invisible).repeat(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {0xE0001, 0xE0041, 0xE007F, 0xE0100, 0xF0000, 0x10FFFD, 0x1D173, 0x1F680})
  void soIsOneBeyondTheBasicPlane(int codePoint) {
    String plain = "How do I reset my password?";
    assertDifferent(plain, plain + Character.toString(codePoint));
    assertDifferent(plain, plain + Character.toString(codePoint).repeat(85));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What does a jalapeño résumé cost?|What does a jalapeño resumé cost?",
        "Is Müller in the Köln office?|Is Muller in the Köln office?",
        "What does the word שָׁלוֹם mean?|What does the word שלום mean?",
        "What is the word pâté and mère?|What is the word pâte and mère?"
      })
  void accentsMakeAnotherWordWhereBothSidesHaveSome(String one, String other) {
    assertDifferent(one, other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Where is the café?|Where is the cafe?",
        "Where is the café?|Where is the cafe\u0301?",
        "What’s the “best” plan?|What's the \"best\" plan?",
        "How far is it – by car?|How far is it - by car?",
        "How do I pay?|How\u00a0do I pay ?",
        "How do I pay…|How do I pay..."
      })
  void typographyIsNone(String one, String other) {
    assertSame(one, other);
  }

  /** The models read "[UNK]" and a few words; so the words that differ say too little. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "🍕🍔🍟🌭🍿🥓🍳🧇🥞🧈🍞🥐 cheap|🍕🍔🍟🌭🍿🥓🍳🧇🥞🧈🍞🥐 tasty",
        "🎂🎁🎈🎉🎊🕯🎆🎇🧨✨ for kids|🎂🎁🎈🎉🎊🕯🎆🎇🧨✨ for adults",
        "is ♔♕♖♗♘♙♚♛♜♝♞♟ legal?|is ♔♕♖♗♘♙♚♛♜♝♞♟ mate?",
      })
  void aQuestionThatTheModelsCannotReadMostOfMatchesTheSameTextOnly(String one, String other) {
    assertDifferent(one, other);
    assertThat(((MatchDecision.Reject) decide(one, other)).why())
        .contains("the models cannot read most of the question");
    assertSame(one, one + " ");
    assertSame(one, "Hi, " + one);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "How do I order 🍕 from the app?|How can I order 🍕 from the app?",
        "Can I pay for ☕ by card?|Is it possible to pay for ☕ by card?",
      })
  void oneThatTheyCanReadMostOfIsVerified(String one, String other) {
    assertSame(one, other);
  }

  /** One text in two Unicode forms: only a question about its characters tells them apart. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "How many bytes is \"caf\u00e9\" in UTF-8?",
        "What is the length of \"\u00e9\"?",
        "How many code points does `na\u00efve` have?",
        "Reverse the text \u201c\u00c5ngstr\u00f6m\u201d",
        "What is the MD5 of caf\u00e9?",
        "Is \u00e9 in NFD or NFC?"
      })
  void aQuestionAboutCharactersTellsTheirFormsApart(String composed) {
    assertDifferent(composed, Normalizer.normalize(composed, Normalizer.Form.NFD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Where is the nearest caf\u00e9?", "Who wrote Les Mis\u00e9rables?"})
  void anyOtherQuestionDoesNot(String composed) {
    assertSame(composed, Normalizer.normalize(composed, Normalizer.Form.NFD));
  }
}
