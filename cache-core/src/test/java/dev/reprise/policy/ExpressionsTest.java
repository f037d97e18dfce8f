package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a set of expressions finds, each of them finds on its own. */
class ExpressionsTest {
  private static final int USERS =
      Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE; // of QuestionRule.of
  private static final String LETTERS = "abcKks.1_-'?! \n\u00e9\u212a\u017f\u65e5";

  private static List<String> texts() {
    Random random = new Random(22);
    List<String> texts = new ArrayList<>(List.of("", "\ud83d\ude00a", "a\ud83d\ude00", "\ude00a"));
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(12);
      for (int j = 0; j < length; j++) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "\\ba",
        "\\b(?:ab|c\\b)",
        "\\ba|b",
        "^a",
        "^a|b",
        "^\\W*a",
        "(?:^|b)c",
        "a?b",
        "a{0,2}b",
        "a{1,2}+b",
        "a*",
        "",
        "$",
        "a$",
        "(?<!a)b",
        "(?<=a)b",
        "(?!a)\\w",
        "(?=b)",
        "(?!)",
        "[abc]\\b",
        "[a-c1]k",
        "[^a]b",
        "[]a]",
        "\\W1",
        "\\D\\d",
        "\\S\\s",
        "\\B_",
        "k",
        "[k-s]",
        "[\u00e0-\u00ff]",
        "\u00e9",
        "\u65e5",
        "\\u65e5",
        "\\x61",
        "\\p{L}-",
        ".b",
        "(a)\\1",
        "(?i)ab",
        "(?<name>a)b",
        "\\Qa.\\E",
        "(?:a|)b",
        "(?:a|b?)c",
        "\\.",
        "[.?!]+",
        "^[(]|[)]?b",
        "^[|]|b",
        "^[^a|b]",
        "^?b",
        "\\b?b",
        "^(?:a|b)c"
      })
  void isFoundWhereThePatternIs(String expression) {
    for (int flags : new int[] {0, USERS, Pattern.MULTILINE, Pattern.LITERAL, Pattern.COMMENTS}) {
      Pattern pattern = Pattern.compile(expression, flags);
      Expressions expressions = new Expressions(List.of(pattern));
      for (String text : texts()) {
        assertThat(expressions.areFoundIn(text))
            .as("'%s' with flags %d in '%s'", expression, flags, text)
            .isEqualTo(pattern.matcher(text).find());
      }
    }
  }

  @Test
  void oneOfSeveralIsEnough() {
    Expressions expressions =
        new Expressions(List.of(Pattern.compile("^x"), Pattern.compile("\\bcat\\b")));
    assertThat(expressions.areFoundIn("a cat")).isTrue();
    assertThat(expressions.areFoundIn("x")).isTrue();
    assertThat(expressions.areFoundIn("concatenate, ax")).isFalse();
    assertThat(new Expressions(List.of()).areFoundIn("anything")).isFalse();
  }

  @Test
  void aWordsExpressionIsNotTriedElsewhere() {
    assertThat(FirstCharacters.of(Pattern.compile("\\b(?:news|headlines?)\\b")).codes().toString())
        .isEqualTo("{104, 110}");
    assertThat(FirstCharacters.of(Pattern.compile("(?<!why )\\bwill\\b")).codes().toString())
        .isEqualTo("{119}");
    assertThat(FirstCharacters.of(Pattern.compile("a*")).codes().get(FirstCharacters.END)).isTrue();
  }
}
