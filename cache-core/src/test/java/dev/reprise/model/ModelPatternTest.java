package dev.reprise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of models told by their patterns. */
class ModelPatternTest {
  @ParameterizedTest(name = "{0} fits {1}: {2}")
  @CsvSource({
    "gpt-4o, gpt-4o, true",
    "gpt-4o, gpt-4o-mini, false",
    "gpt-4o-mini, gpt-4o, false",
    "gpt-4o, GPT-4o, false",
    "gpt.4o, gpt-4o, false",
    "*, anything/at all, true",
    "*, '', true",
    "?, '', false",
    "gpt-?o, gpt-4o, true",
    "gpt-??, gpt-4, false",
    "claude-*, claude-, true",
    "claude-*, a claude-, false",
    "*-mini, gpt-4o-mini, true",
    "*-mini, gpt-4o-mini-2, false",
    "*-mini, gpt-mini-4o-mini, true",
    "a*b*c, a-b-b-c-c, true",
    "a*b*c, a-c-b, false",
    "a*?c, ac, false",
    "a*?c, abc, true",
    "**x**, yxy, true",
    "'a*b', 'a\nb', true",
  })
  void starsAreAnyCharactersAndQuestionMarksOne(String pattern, String model, boolean fits) {
    assertThat(ModelPattern.of(pattern).matches(model)).isEqualTo(fits);
  }

  @Test
  void aLongNameThatAlmostFitsTakesNoTime() {
    ModelPattern pattern = ModelPattern.of("*a*a*a*a*a*a*a*a*b");
    String model = "a".repeat(100_000);

    boolean fits = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> pattern.matches(model));

    assertThat(fits).isFalse();
  }

  @Test
  void aBlankPatternIsRefused() {
    assertThatThrownBy(() -> ModelPattern.of(" ")).hasMessageContaining("must not be blank");
  }
}
