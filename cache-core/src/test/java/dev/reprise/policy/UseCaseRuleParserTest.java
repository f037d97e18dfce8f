package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Reason;
import dev.reprise.model.UseCase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UseCaseRuleParserTest {
  @Test
  void itReadsEveryForm() {
    assertThat(UseCaseRule.parse("question", "exact:90m"))
        .isEqualTo(UseCaseRule.exact(UseCase.QUESTION, Duration.ofMinutes(90)));
    assertThat(UseCaseRule.parse("order-status", "semantic"))
        .isEqualTo(
            UseCaseRule.semantic(new UseCase("order-status"), UseCaseRule.QUESTION_TIME_TO_LIVE));
    assertThat(UseCaseRule.parse("document-summary", "exact:1d"))
        .isEqualTo(UseCaseRule.exact(UseCase.DOCUMENT_SUMMARY, Duration.ofDays(1)).withDocuments());
    assertThat(UseCaseRule.parse("creative", "never"))
        .isEqualTo(new UseCaseRule.Never(UseCase.CREATIVE, Reason.Code.CREATIVE));
    assertThat(UseCaseRule.parse("drafts", "never"))
        .isEqualTo(UseCaseRule.never(new UseCase("drafts")));
  }

  @ParameterizedTest
  @CsvSource({
    "question,often",
    "question,exact:",
    "question,exact:0s",
    "question,exact:366d",
    "question,never:1h",
    "faq,exact:1h",
    "Question,exact",
    "'',exact"
  })
  void itRefusesEverythingElse(String useCase, String rule) {
    assertThatThrownBy(() -> UseCaseRule.parse(useCase, rule))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
