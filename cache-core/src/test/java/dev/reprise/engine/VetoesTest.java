package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Vector;
import dev.reprise.model.Scope;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VetoesTest {
  private static final Scope SCOPE = Scope.of("a");

  private final Vetoes vetoes = new Vetoes();

  private static Vector at(double degrees) {
    double angle = Math.toRadians(degrees);
    return Vector.normalized(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
  }

  private static Vetoes.Veto veto(Scope scope, double asked, double cached) {
    return new Vetoes.Veto(
        scope,
        Vetoes.pair("asked " + asked, "cached " + cached),
        Optional.of(new Vetoes.Place(at(asked), at(cached))));
  }

  private boolean forbids(Scope scope, double asked, double cached) {
    return vetoes.forbidden(scope, at(asked)).has("x", "y", () -> Optional.of(at(cached)));
  }

  @Test
  void aReportedPairAndItsNeighboursAreForbiddenEitherWayRound() {
    assertThat(forbids(SCOPE, 0, 40)).isFalse();
    vetoes.add(veto(SCOPE, 0, 40));
    assertThat(forbids(SCOPE, 0, 40)).isTrue();
    assertThat(forbids(SCOPE, 10, 50)).isTrue();
    assertThat(forbids(SCOPE, 40, 0)).isTrue();
  }

  @Test
  void whatIsNearToOneOfThemOnlyIsNot() {
    vetoes.add(veto(SCOPE, 0, 40));
    assertThat(forbids(SCOPE, 0, 5)).isFalse();
    assertThat(forbids(SCOPE, 0, 80)).isFalse();
    assertThat(forbids(SCOPE, 90, 40)).isFalse();
  }

  @Test
  void anotherScopeIsNotConcerned() {
    vetoes.add(veto(SCOPE, 0, 40));
    assertThat(forbids(Scope.of("b"), 0, 40)).isFalse();
  }

  @Test
  void theCachedQuestionIsEmbeddedOnlyWhereItMayMatter() {
    vetoes.add(veto(SCOPE, 0, 40));
    assertThat(
            vetoes
                .forbidden(SCOPE, at(120))
                .has(
                    "x",
                    "y",
                    () -> {
                      throw new AssertionError("asked in vain");
                    }))
        .isFalse();
  }

  @Test
  void whereNobodyCanTellItIsForbidden() {
    vetoes.add(veto(SCOPE, 0, 40));
    assertThat(vetoes.forbidden(SCOPE, at(0)).has("x", "y", Optional::empty)).isTrue();
  }

  @Test
  void theVeryPairIsForbiddenWhereverItsQuestionsAre() {
    vetoes.add(new Vetoes.Veto(SCOPE, Vetoes.pair("one", "other"), Optional.empty()));
    Vetoes.Forbidden forbidden = vetoes.forbidden(SCOPE, at(7));
    assertThat(forbidden.has("one", "other", Optional::empty)).isTrue();
    assertThat(forbidden.has("other", "one", Optional::empty)).isTrue();
    assertThat(forbidden.has("one", "another", Optional::empty)).isFalse();
  }

  @Test
  void theOldestAreForgotten() {
    vetoes.add(veto(SCOPE, 0, 40));
    for (int i = 0; i < Vetoes.MOST; i++) {
      vetoes.add(
          new Vetoes.Veto(
              Scope.of("scope " + i % 100), Vetoes.pair("a " + i, "b"), Optional.empty()));
    }
    assertThat(forbids(SCOPE, 0, 40)).isFalse();
    assertThat(vetoes.all()).hasSize(Vetoes.MOST);
  }
}
