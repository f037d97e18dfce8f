package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The contract on a master that a sentinel names, and a failover to its replica. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisSentinelIT extends RedisTierContract {
  private static final Tag PRICES = Tag.of("prices");

  private static RedisProcess master;
  private static RedisProcess replica;
  private static RedisProcess sentinel;

  @BeforeAll
  static void start() {
    master = RedisProcess.start();
    replica =
        RedisProcess.start(
            "--replicaof", "127.0.0.1", "" + master.port(), "--repl-diskless-sync-delay", "0");
    sentinel = RedisProcess.startSentinel("main", master);
  }

  @AfterAll
  static void stop() {
    sentinel.close();
    replica.close();
    master.close();
  }

  @Override
  RedisExactTier.Builder builder() {
    return RedisExactTier.builder("redis-sentinel://127.0.0.1:" + sentinel.port() + "/main");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void goesOnWithTheReplicaWhenTheMasterDies() {
    store(Entries.entry("a", now()));
    Eventually.that(
        "the sentinel knows the replica",
        () ->
            replica.send("INFO", "replication").contains("master_link_status:up")
                && sentinel.send("SENTINEL", "MASTER", "main").contains("num-slaves\n1"));
    CacheEngine one = engine();
    CacheEngine two = engine();
    spread(one, two, "before");
    master.kill();

    Eventually.that(
        "it recovers by itself",
        Duration.ofSeconds(60),
        () -> {
          try {
            tier.store(Entries.entry("b", now()));
            return tier.fetch(Entries.key("b")).isPresent();
          } catch (TierException e) {
            return false;
          }
        });
    Eventually.that(
        "copies are served again", Duration.ofSeconds(60), () -> isCopied(one, "after"));
    spread(one, two, "after");
    assertThat(one.invalidate(PRICES)).isPositive();
    Eventually.that(
        "a removal reaches the other by the new master",
        Duration.ofSeconds(5),
        () -> !isHit(two, "after"));
    assertThat(isHit(two, "before")).isFalse();
    one.close();
    two.close();
  }

  private CacheEngine engine() {
    return CacheEngine.builder()
        .exactTiers(
            CaffeineExactTier.builder().build(), builder().deadline(Duration.ofSeconds(1)).build())
        .probeInterval(Duration.ofMillis(100))
        .build();
  }

  private static Outcome ask(CacheEngine engine, String question, CacheControl control) {
    return engine.getOrCompute(
        CacheRequest.builder(Scope.of("tenant"))
            .provider("test")
            .model("m")
            .user(question)
            .temperature(0)
            .control(control)
            .build(),
        () -> Answer.ofText("an answer"));
  }

  /**
   * Returns whether the answer comes from the engine's own memory; stores it where there is none.
   */
  private static boolean isCopied(CacheEngine engine, String question) {
    return ask(engine, question, CacheControl.DEFAULT.with(PRICES)) instanceof Outcome.ExactHit hit
        && hit.tier().equals(CaffeineExactTier.NAME);
  }

  private static void spread(CacheEngine one, CacheEngine two, String question) {
    for (CacheEngine engine : List.of(one, two)) {
      Eventually.that("it is in the memory", () -> isCopied(engine, question));
    }
  }

  private static boolean isHit(CacheEngine engine, String question) {
    return ask(engine, question, CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED))
        instanceof Outcome.Hit;
  }
}
