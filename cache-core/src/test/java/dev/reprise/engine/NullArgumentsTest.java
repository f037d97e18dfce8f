package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.MapExactTier;
import dev.reprise.testing.NullArguments;
import dev.reprise.tier.CaffeineExactTier;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Null is refused at once, and the parameter is named. */
class NullArgumentsTest {
  @Test
  void theEngineRefusesIt() {
    NullArguments.areRefusedBy(
        CacheEngine.builder(),
        CaffeineExactTier.builder().build(),
        new MapExactTier(InstantSource.system()),
        new FlatSemanticTier(3, InstantSource.system()),
        new HashEmbedder());
  }

  @Test
  void thePolicyRefusesIt() {
    NullArguments.areRefusedBy(
        CachePolicy.builder(),
        Mode.LIVE,
        Scope.of("shop"),
        UnsetTemperature.ZERO,
        UseCase.QUESTION);
  }

  @Test
  void theTierRefusesIt() {
    NullArguments.areRefusedBy(CaffeineExactTier.builder());
  }

  @Test
  void theMatcherRefusesIt() {
    NullArguments.areRefusedBy(VerifiedMatcher.class, "builder");
    NullArguments.areRefusedBy(
        VerifiedMatcher.builder((asked, cached, similarity) -> new Verifier.Verdict.LogOdds(0)));
  }

  @Test
  void theRequestRefusesIt() {
    NullArguments.areRefusedBy(CacheRequest.class, "builder");
    NullArguments.areRefusedBy(CacheRequest.builder(Scope.of("shop")));
  }

  @Test
  void theOptionsRefuseIt() {
    NullArguments.areRefusedBy(CacheRequestOptions.class, "of");
    NullArguments.areRefusedBy(CacheRequestOptions.DEFAULT);
    assertThatThrownBy(() -> CacheRequestOptions.of(UseCase.QUESTION).with((Scope) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("scope");
  }
}
