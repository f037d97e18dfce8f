package dev.reprise.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FirstRequestsTest {
  @ParameterizedTest
  @EnumSource(Reason.Code.class)
  void noRemedySpeaksOfTheLibrary(Reason.Code code) {
    assertThat(FirstRequests.remedy(code)).isNotBlank().doesNotContain("()", "builder", "Policy");
  }
}
