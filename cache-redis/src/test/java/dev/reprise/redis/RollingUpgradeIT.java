package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticTier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Instances of a new version, with another embedder and rows of their own, take the place of old
 * ones, one after the other. Nobody gets a wrong answer, and a removal on either holds on both.
 */
class RollingUpgradeIT {
  private static final Tag TARIFF = Tag.of("tariff");

  private final RedisProcess server = RedisProcess.start();
  private final List<CacheEngine> engines = new ArrayList<>();
  private final Version old = new Version("reprise:");

  @AfterEach
  void stop() {
    engines.forEach(CacheEngine::close);
    server.close();
  }

  /** What all instances of a version share. */
  private record Version(String prefix, HashEmbedder embedder, FlatSemanticTier rows) {
    Version(String prefix) {
      this(
          prefix,
          new HashEmbedder(),
          new FlatSemanticTier(HashEmbedder.DIMENSION, InstantSource.system()));
    }

    /** A text and its paraphrase are near in this version. */
    Version near(String text) {
      embedder.near(paraphrase(text), text, 0.97);
      return this;
    }

    /** Every instance closes its tier; these rows are everybody's. */
    SemanticTier shared() {
      return (SemanticTier)
          Proxy.newProxyInstance(
              SemanticTier.class.getClassLoader(),
              new Class<?>[] {SemanticTier.class},
              (self, method, arguments) ->
                  method.getName().equals("close") ? null : method.invoke(rows, arguments));
    }
  }

  private CacheEngine instance(Version version) {
    Embedder embedder = version.embedder();
    CacheEngine engine =
        CacheEngine.builder()
            .exactTier(
                ExactTier.stacked(
                    CaffeineExactTier.builder().build(),
                    RedisExactTier.builder(server.url())
                        .keyPrefix(version.prefix())
                        .deadline(Duration.ofMillis(500))
                        .build()))
            .semanticTier(version.shared(), embedder)
            .matcher(Matcher.threshold(0.9))
            .build();
    engines.add(engine);
    return engine;
  }

  private static String question(int number) {
    return "What does parcel " + number + " cost?";
  }

  private static String paraphrase(String text) {
    return text.replace("What does", "How much does");
  }

  private static CacheRequest request(String text) {
    return CacheRequest.builder(Scope.of("tenant"))
        .provider("test")
        .model("m")
        .user(text)
        .temperature(0)
        .control(CacheControl.DEFAULT.with(TARIFF))
        .build();
  }

  private static Outcome peek(CacheEngine engine, String text) {
    CacheRequest request = request(text);
    return engine.getOrCompute(
        request.withControl(request.control().with(CacheControl.Directive.ONLY_IF_CACHED)),
        () -> Answer.ofText("never"));
  }

  /** Asks, and checks that the answer is the one to that question or to its paraphrase. */
  private static Outcome ask(CacheEngine engine, String text) throws InterruptedException {
    Outcome outcome = engine.getOrCompute(request(text), () -> Answer.ofText("It: " + text));
    String answer = ((Outcome.Answered) outcome).answer().text();
    String other = text.replace("How much does", "What does");
    assertThat(answer).isIn("It: " + text, "It: " + other);
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    return outcome;
  }

  @Test
  void anotherEmbedderTakesOverOnTheSamePrefix() throws Exception {
    Version next = new Version(old.prefix());
    for (int i = 0; i < 5; i++) {
      old.near(question(i));
      next.near(question(i));
    }
    CacheEngine first = instance(old);
    CacheEngine second = instance(old);
    ask(first, question(0));
    assertThat(peek(second, paraphrase(question(0)))).isInstanceOf(Outcome.SemanticHit.class);

    CacheEngine third = instance(next);
    assertThat(ask(third, question(0)))
        .as("what the old one stored")
        .isInstanceOf(Outcome.Hit.class);
    ask(third, question(1));
    assertThat(ask(second, question(1)))
        .as("what the new one stored")
        .isInstanceOf(Outcome.Hit.class);
    assertThat(peek(third, paraphrase(question(1)))).isInstanceOf(Outcome.SemanticHit.class);
    assertThat(peek(second, paraphrase(question(1))))
        .as("its exact hit brought a row of its own embedder")
        .isInstanceOf(Outcome.SemanticHit.class);

    first.close();
    ask(second, question(2));
    third.removeAll(TARIFF);
    for (int i = 0; i < 3; i++) {
      String text = question(i);
      Eventually.that(
          "the old one serves it no more", () -> !(peek(second, text) instanceof Outcome.Hit));
    }
    ask(third, question(3));
    assertThat(peek(second, question(3))).isInstanceOf(Outcome.Hit.class);
    second.removeAll(TARIFF);
    Eventually.that(
        "the new one serves it no more", () -> !(peek(third, question(3)) instanceof Outcome.Hit));
  }

  /** One prefix begins with the other. */
  @Test
  void versionsOnPrefixesOfTheirOwnNeverMeet() throws Exception {
    Version next = new Version("reprise:entry:");
    CacheEngine first = instance(old);
    CacheEngine second = instance(next);
    ask(first, question(0));
    assertThat(peek(second, question(0))).isNotInstanceOf(Outcome.Hit.class);
    ask(second, question(0));
    ask(second, question(1));
    List<String> seen = new ArrayList<>();
    first.entries(entry -> seen.add(entry.key().hex()));
    assertThat(seen).hasSize(1);

    second.removeAll(TARIFF);
    assertThat(peek(second, question(0))).isNotInstanceOf(Outcome.Hit.class);
    assertThat(peek(first, question(0))).isInstanceOf(Outcome.Hit.class);
    ask(second, question(0));
    first.removeAll(TARIFF);
    assertThat(peek(first, question(0))).isNotInstanceOf(Outcome.Hit.class);
    assertThat(peek(second, question(0))).isInstanceOf(Outcome.Hit.class);
  }
}
