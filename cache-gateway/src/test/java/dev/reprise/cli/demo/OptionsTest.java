package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cli.cache.MatcherOption;
import dev.reprise.cli.cache.MatcherSettings;
import dev.reprise.cli.cache.Tiers;
import dev.reprise.cli.io.InputException;
import dev.reprise.match.Calibration;
import dev.reprise.match.Guard;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class OptionsTest {
  @Test
  void tiersAreNamedInAnyOrder() {
    assertThat(Tiers.parse("memory,hnsw"))
        .isEqualTo(new Tiers(Set.of(Tiers.Exact.MEMORY), Tiers.Semantic.HNSW));
    assertThat(Tiers.parse("Milvus, redis,memory"))
        .isEqualTo(new Tiers(Set.of(Tiers.Exact.MEMORY, Tiers.Exact.REDIS), Tiers.Semantic.MILVUS));
    assertThat(Tiers.parse("memory"))
        .isEqualTo(new Tiers(Set.of(Tiers.Exact.MEMORY), Tiers.Semantic.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hnsw", "memory,hnsw,milvus", "memory,faiss", "memory,,hnsw"})
  void otherTiersAreRefused(String text) {
    assertThatThrownBy(() -> Tiers.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--tiers " + text + ": ")
        .hasMessageContaining("memory,hnsw or redis,milvus");
  }

  private static Verifier noVerifier() {
    throw new CacheException("there are no weights");
  }

  @Test
  void matcherIsVerified() {
    Verifier verifier = (asked, cached, similarity) -> new Verifier.Verdict.LogOdds(0);
    MatcherOption perLookup = MatcherOption.parse("verified:0.02", () -> verifier);
    assertThat(((VerifiedMatcher) perLookup.matcher()).bound())
        .isEqualTo(WrongAnswerBound.perLookup(0.02));
    MatcherOption perHit = MatcherOption.parse("verified-per-hit:0.05", () -> verifier);
    assertThat(((VerifiedMatcher) perHit.matcher()).bound())
        .isEqualTo(WrongAnswerBound.perHit(0.05));
    assertThat(perHit.family()).isEqualTo(perLookup.family());
    MatcherOption defaults = MatcherOption.parse("default", () -> verifier);
    assertThat(((VerifiedMatcher) defaults.matcher()).bound())
        .isEqualTo(WrongAnswerBound.defaults());
    assertThat(defaults.name()).isEqualTo("verified:0.01");
    assertThatThrownBy(() -> MatcherOption.parse("verified:0.01", OptionsTest::noVerifier))
        .isInstanceOf(InputException.class)
        .hasMessage("--matcher verified:0.01: there are no weights");
  }

  @Test
  void matcherIsAThreshold() {
    assertThat(MatcherOption.parse("threshold:0.9", OptionsTest::noVerifier).matcher())
        .isEqualTo(Matcher.threshold(0.9));
    assertThat(MatcherOption.parse("threshold:0.90", OptionsTest::noVerifier).named().name())
        .isEqualTo("threshold:0.90");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "threshold",
        "threshold:",
        "threshold:2",
        "threshold:NaN",
        "threshold:1e-1",
        "magic"
      })
  void otherMatchersAreRefused(String text) {
    assertThatThrownBy(() -> MatcherOption.parse(text, OptionsTest::noVerifier))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--matcher " + text + ": ");
  }

  private static MatcherSettings settings(String... arguments) {
    MatcherSettings settings = new MatcherSettings();
    new CommandLine(settings).parseArgs(arguments);
    return settings;
  }

  @Test
  void guardsAreSwitchedOff() {
    Verifier verifier = (asked, cached, similarity) -> new Verifier.Verdict.LogOdds(0);
    MatcherOption two =
        MatcherOption.parse(
            "default",
            () -> verifier,
            settings("--without-guard", "names,order", "--without-guard", "tense"));
    assertThat(((VerifiedMatcher) two.matcher()).guards())
        .hasSize(Guard.all().size() - 3)
        .doesNotContain(Guard.names(), Guard.order(), Guard.tense());
    assertThatThrownBy(
            () ->
                MatcherOption.parse("default", () -> verifier, settings("--without-guard", "nams")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--without-guard: no guard is labelled nams; there are [literals,");
    List<MatcherOption> threshold = List.of(MatcherOption.parse("threshold:0.9", () -> verifier));
    assertThatThrownBy(() -> settings("--without-guard", "names").checkUsedBy(threshold))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--without-guard: --matcher threshold:0.9 has no guards");
    settings("--without-guard", "names").checkUsedBy(List.of(threshold.get(0), two));
    settings().checkUsedBy(threshold);
  }

  @Test
  void languagesAreAdded() {
    Verifier sure =
        new Verifier() {
          @Override
          public Verdict verify(String asked, String cached, Similarity similarity) {
            return new Verdict.LogOdds(20);
          }

          @Override
          public Calibration calibration() {
            return new Calibration(
                0, 1, 0, List.of(new Calibration.Point(WrongAnswerBound.defaults(), 0.9)));
          }
        };
    MatchCandidate german =
        MatchCandidate.alone(
            Scope.of("a"),
            "Wann öffnet die Post?",
            "Ab wann ist die Post auf?",
            Answer.ofText("Um acht."),
            new Similarity(0.9));
    assertThat(MatcherOption.parse("default", () -> sure).matcher().decide(german))
        .isInstanceOf(MatchDecision.Reject.class);
    assertThat(
            MatcherOption.parse("default", () -> sure, settings("--language", "de,fr"))
                .matcher()
                .decide(german))
        .isInstanceOf(MatchDecision.Accept.class);
    assertThatThrownBy(
            () -> MatcherOption.parse("default", () -> sure, settings("--language", "german")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--language: the language german is not detected; the codes are ");
  }

  @Test
  void passwordsAreNotShown() {
    assertThat(EngineDemoCache.withoutPassword("rediss://me:a@b@host:6379/1"))
        .isEqualTo("rediss://host:6379/1");
    assertThat(EngineDemoCache.withoutPassword("redis://host:6379")).isEqualTo("redis://host:6379");
  }

  @Test
  void barsShowWhatIsThere() {
    assertThat(Bars.bar(0, 8, true)).isEmpty();
    assertThat(Bars.bar(0.0001, 8, true)).isEqualTo("\u258F");
    assertThat(Bars.bar(0.5, 8, true)).isEqualTo("\u2588".repeat(4));
    assertThat(Bars.bar(0.55, 10, true)).isEqualTo("\u2588".repeat(5) + "\u258C");
    assertThat(Bars.bar(1, 8, true)).isEqualTo("\u2588".repeat(8));
    assertThat(Bars.bar(0.0001, 8, false)).isEqualTo("#");
    assertThat(Bars.bar(0.5, 8, false)).isEqualTo("####");
    assertThat(Bars.bar(7, 8, false)).isEqualTo("########");
  }
}
