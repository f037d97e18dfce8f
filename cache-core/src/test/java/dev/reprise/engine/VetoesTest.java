package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Vector;
import dev.reprise.model.Scope;
import org.junit.jupiter.api.Test;

class VetoesTest {
  private static final Scope SCOPE = Scope.of("a");

  private final Vetoes vetoes = new Vetoes();

  private static Vector at(double degrees) {
    double angle = Math.toRadians(degrees);
    return Vector.normalized(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
  }

  private boolean forbids(Scope scope, double asked, double cached) {
    return vetoes.forbid(scope, at(asked), () -> at(cached));
  }

  @Test
  void aReportedPairAndItsNeighboursAreForbiddenEitherWayRound() {
    assertThat(forbids(SCOPE, 0, 40)).isFalse();
    vetoes.add(new Vetoes.Veto(SCOPE, at(0), at(40)));
    assertThat(forbids(SCOPE, 0, 40)).isTrue();
    assertThat(forbids(SCOPE, 10, 50)).isTrue();
    assertThat(forbids(SCOPE, 40, 0)).isTrue();
  }

  @Test
  void whatIsNearToOneOfThemOnlyIsNot() {
    vetoes.add(new Vetoes.Veto(SCOPE, at(0), at(40)));
    assertThat(forbids(SCOPE, 0, 5)).isFalse();
    assertThat(forbids(SCOPE, 0, 80)).isFalse();
    assertThat(forbids(SCOPE, 90, 40)).isFalse();
  }

  @Test
  void anotherScopeIsNotConcerned() {
    vetoes.add(new Vetoes.Veto(SCOPE, at(0), at(40)));
    assertThat(forbids(Scope.of("b"), 0, 40)).isFalse();
  }

  @Test
  void theCachedQuestionIsEmbeddedOnlyWhereItMayMatter() {
    vetoes.add(new Vetoes.Veto(SCOPE, at(0), at(40)));
    assertThat(
            vetoes.forbid(
                SCOPE,
                at(120),
                () -> {
                  throw new AssertionError("asked in vain");
                }))
        .isFalse();
    assertThat(vetoes.forbid(SCOPE, at(0), () -> null)).isFalse();
  }

  @Test
  void theOldestAreForgotten() {
    vetoes.add(new Vetoes.Veto(SCOPE, at(0), at(40)));
    for (int i = 0; i < Vetoes.MOST; i++) {
      vetoes.add(new Vetoes.Veto(SCOPE, at(180), at(220)));
    }
    assertThat(forbids(SCOPE, 0, 40)).isFalse();
    assertThat(vetoes.all()).hasSize(Vetoes.MOST);
  }
}
