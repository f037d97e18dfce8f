package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The default rules on whole lists of questions in seven languages. */
class QuestionListsTest {
  private static final QuestionRules DEFAULTS = new QuestionRules(QuestionRule.defaults());

  /** A question, and which rule recognises it; empty where none does. */
  record Asked(String language, String text, String rule) {}

  private static List<Asked> list(String name) throws IOException {
    try (InputStream in = QuestionListsTest.class.getResourceAsStream("questions/" + name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      List<Asked> asked = new ArrayList<>();
      text.lines()
          .map(line -> line.split("\t", 2))
          .forEach(
              pair ->
                  asked.add(
                      new Asked(
                          pair[0],
                          pair[1],
                          DEFAULTS.first(pair[1]).map(QuestionRule::name).orElse(""))));
      return asked;
    }
  }

  private static double bypassed(String name) throws IOException {
    List<Asked> all = list(name);
    return (double) all.stream().filter(asked -> !asked.rule().isEmpty()).count() / all.size();
  }

  /*
   * Measured before the rules were mended on it: 148 of 166 dynamic ones bypassed, 2 of 151 lasting ones (first list); 127 of 169 and
   * 2 of 150 (second list). Then, on lists of unusual wordings: 71 of 128 and 2 of 106 (third list); 21 of 56 and 1 of 51 (fourth list,
   * mended on the third). Then 190 of 203 and 3 of 197, and of what is open, in office or newest 18 of 47 and 0 of 35 (fifth list).
   */
  @Test
  void theListsThatTheRulesWereMendedOn() throws IOException {
    assertThat(bypassed("blind1-dynamic.tsv")).isGreaterThanOrEqualTo(0.98);
    assertThat(bypassed("blind1-lasting.tsv")).isLessThanOrEqualTo(0.01);
    assertThat(bypassed("blind2-dynamic.tsv")).isGreaterThanOrEqualTo(0.98);
    assertThat(bypassed("blind2-lasting.tsv")).isLessThanOrEqualTo(0.01);
    assertThat(bypassed("blind3-dynamic.tsv")).isGreaterThanOrEqualTo(0.98);
    assertThat(bypassed("blind3-lasting.tsv")).isLessThanOrEqualTo(0.01);
    assertThat(bypassed("blind4-dynamic.tsv")).isGreaterThanOrEqualTo(0.92);
    assertThat(bypassed("blind4-lasting.tsv")).isLessThanOrEqualTo(0.02);
    assertThat(bypassed("blind5-dynamic.tsv")).isGreaterThanOrEqualTo(0.98);
    assertThat(bypassed("blind5-lasting.tsv")).isLessThanOrEqualTo(0.01);
  }

  /**
   * 152 of 162, and 1 of 162. What it misses is left as it is: a list to measure the next rules on.
   */
  @Test
  void theListThatNoRuleWasMendedOn() throws IOException {
    assertThat(list("blind6-dynamic.tsv")).hasSizeGreaterThanOrEqualTo(150);
    assertThat(list("blind6-lasting.tsv")).hasSizeGreaterThanOrEqualTo(150);
    assertThat(bypassed("blind6-dynamic.tsv")).isGreaterThanOrEqualTo(0.92);
    assertThat(bypassed("blind6-lasting.tsv")).isLessThanOrEqualTo(0.02);
  }

  @Test
  void theListsThatTheRulesWereWrittenOn() throws IOException {
    assertThat(bypassed("dev-dynamic.tsv")).isGreaterThanOrEqualTo(0.99);
    assertThat(bypassed("dev-lasting.tsv")).isLessThanOrEqualTo(0.01);
  }
}
