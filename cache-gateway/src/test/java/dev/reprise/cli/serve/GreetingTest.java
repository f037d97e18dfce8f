package dev.reprise.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cli.cache.Tiers;
import dev.reprise.cli.io.InputException;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a gateway says of its cache when it starts. */
class GreetingTest {
  private static String of(CachePolicy policy) {
    return String.join("\n", new Greeting(policy, true).lines());
  }

  @Test
  void itSaysWhatThePolicyDoes() {
    assertThat(of(CachePolicy.builder().whenTemperatureIsUnset(UnsetTemperature.BYPASS).build()))
        .contains("at temperature 0,", "set no temperature (--when-temperature-is-unset zero");
    assertThat(of(CachePolicy.builder().whenTemperatureIsUnset(UnsetTemperature.ZERO).build()))
        .contains("at temperature 0, or with none set")
        .doesNotContain("set no temperature");
    assertThat(of(CachePolicy.builder().anyTemperature().build()))
        .contains("at any temperature")
        .doesNotContain("--max-temperature");
  }

  @Test
  void itNamesWhatIsCachedAndWhatIsPassedThrough() {
    for (Mode mode : List.of(Mode.LIVE, Mode.SHADOW)) {
      assertThat(of(CachePolicy.builder().mode(mode).build()))
          .contains("chat completions", "responses", "messages", "generateContent", "Ollama")
          .contains("the same in other words; legacy completions and embeddings, for equal")
          .contains("Passed through: every other path", "X-Reprise-Cache");
    }
    assertThat(new Greeting(CachePolicy.builder().build(), false).lines().get(0))
        .contains("embeddings: all for equal requests only")
        .doesNotContain("other words");
  }

  @Test
  void itSaysThatNothingIsServed() {
    assertThat(of(CachePolicy.builder().mode(Mode.SHADOW).build()))
        .contains("Shadow mode", "--mode live", "at temperature 0");
    assertThat(of(CachePolicy.builder().mode(Mode.OFF).build()))
        .contains("--mode off")
        .doesNotContain("at temperature 0");
  }

  @Test
  void anExactTierAloneComparesNothingByMeaning() {
    Tiers tiers = Tiers.parse("memory");

    assertThat(tiers.semantic()).isEqualTo(Tiers.Semantic.NONE);
    assertThat(tiers.exact()).isEqualTo(Set.of(Tiers.Exact.MEMORY));
    assertThat(Tiers.parse("memory,redis").semantic()).isEqualTo(Tiers.Semantic.NONE);
    assertThatThrownBy(() -> Tiers.parse("hnsw")).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Tiers.parse("memory,hnsw,milvus")).isInstanceOf(InputException.class);
  }
}
