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
import dev.reprise.testservers.RedisServer;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SharedLog;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tier works with every version of Jedis that a current Spring Boot manages. */
class JedisVersionsIT {
  private static final Path JARS =
      Path.of(System.getProperty("jedis.versions", "target/jedis-versions"));

  static List<Path> versions() throws Exception {
    try (Stream<Path> jars = Files.list(JARS)) {
      return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Loads Jedis, and the tier with it, anew; everything else is shared. */
  private static final class OneVersion extends URLClassLoader {
    OneVersion(Path jedis) throws Exception {
      super(
          new URL[] {
            jedis.toUri().toURL(),
            RedisExactTier.class.getProtectionDomain().getCodeSource().getLocation()
          },
          JedisVersionsIT.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (name.startsWith("redis.clients.") || name.startsWith("dev.reprise.redis.")) {
          Class<?> known = findLoadedClass(name);
          return known == null ? findClass(name) : known;
        }
        return super.loadClass(name, resolve);
      }
    }
  }

  @Test
  void theVersionsAreThere() throws Exception {
    assertThat(versions()).hasSizeGreaterThanOrEqualTo(3);
  }

  /** Returns a tier of this version, on the server that all tests share. */
  private static ExactTier tier(OneVersion loader) throws ReflectiveOperationException {
    Class<?> type = loader.loadClass(RedisExactTier.class.getName());
    assertThat(type).isNotEqualTo(RedisExactTier.class);
    Object builder =
        type.getMethod("builder", String.class).invoke(null, RedisServer.shared().url());
    // A version is tried here, not how quick a busy machine is.
    builder
        .getClass()
        .getMethod("deadline", Duration.class)
        .invoke(builder, Duration.ofSeconds(10));
    return (ExactTier) builder.getClass().getMethod("build").invoke(builder);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void itStoresFetchesAndInvalidates(Path jedis) throws Exception {
    try (OneVersion loader = new OneVersion(jedis);
        ExactTier tier = tier(loader)) {
      Random random = new Random(jedis.toString().hashCode());
      for (int i = 0; i < 20; i++) {
        Entry entry = lasting(Entries.random(random, Instant.now()));
        tier.store(entry);
        assertThat(tier.fetch(entry.key()).map(ExactTier.Fetched::entry)).contains(entry);
        assertThat(tier.remove(entry.key())).isTrue();
        assertThat(tier.fetch(entry.key())).isEmpty();
      }
      Tag tag = Tag.of("jedis " + jedis.getFileName());
      Entry one = Entries.builder("one", Instant.now()).tags(tag).build();
      Entry two = Entries.builder("two", Instant.now()).tags(tag).build();
      tier.store(one);
      tier.store(two);
      List<Entry> seen = new CopyOnWriteArrayList<>();
      tier.scan(seen::add);
      assertThat(seen).contains(one, two);
      assertThat(tier.invalidate(tag)).isEqualTo(2);
      assertThat(tier.fetch(one.key())).isEmpty();
      assertThat(tier.fetch(two.key())).isEmpty();
    }
  }

  private static CacheEngine engine(OneVersion loader) throws ReflectiveOperationException {
    return CacheEngine.builder()
        .exactTiers(CaffeineExactTier.builder().build(), tier(loader))
        .build();
  }

  private static String tierOf(CacheEngine engine, CacheRequest request, AtomicInteger calls) {
    Outcome outcome =
        engine.getOrCompute(request, () -> Answer.ofText("answer " + calls.incrementAndGet()));
    return outcome instanceof Outcome.ExactHit hit ? hit.tier() : "none";
  }

  /** The lease, the removal from another process's memory, and the log that processes share. */
  @ParameterizedTest
  @MethodSource("versions")
  void twoProcessesShareWhatTheyShare(Path jedis) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try (OneVersion loader = new OneVersion(jedis);
        CacheEngine one = engine(loader);
        CacheEngine two = engine(loader);
        ExactTier writer = tier(loader);
        ExactTier reader = tier(loader)) {
      Tag tag = Tag.of("shared " + jedis.getFileName());
      CacheRequest request =
          CacheRequest.builder(Scope.of("jedis"))
              .model(jedis.getFileName().toString())
              .user("What is shared?")
              .temperature(0)
              .control(CacheControl.DEFAULT.with(tag))
              .build();
      AtomicInteger calls = new AtomicInteger();
      CountDownLatch entered = new CountDownLatch(1);
      CountDownLatch gate = new CountDownLatch(1);
      Future<Outcome> leader =
          callers.submit(
              () ->
                  one.getOrCompute(
                      request,
                      () -> {
                        entered.countDown();
                        gate.await();
                        return Answer.ofText("answer " + calls.incrementAndGet());
                      }));
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      Future<String> follower = callers.submit(() -> tierOf(two, request, calls));
      gate.countDown();
      assertThat(leader.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      follower.get(30, TimeUnit.SECONDS);
      assertThat(calls).as("calls of two processes").hasValue(1);

      Eventually.that(
          "it is in the other's memory",
          () -> tierOf(two, request, calls).equals(CaffeineExactTier.NAME));
      assertThat(one.invalidate(tag)).isEqualTo(1);
      CacheRequest copyOnly =
          request.withControl(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED));
      Eventually.that(
          "it is gone from the other's memory", () -> tierOf(two, copyOnly, calls).equals("none"));
      assertThat(calls).hasValue(1);

      List<String> read = new CopyOnWriteArrayList<>();
      reader
          .sharedLog(SharedLog.Topic.REPORTS)
          .orElseThrow()
          .follow((record, from) -> read.add(record));
      String record = "report of " + jedis.getFileName();
      writer.sharedLog(SharedLog.Topic.REPORTS).orElseThrow().append(record);
      Eventually.that("the record is read", () -> read.contains(record));
    } finally {
      callers.shutdownNow();
    }
  }

  private static Entry lasting(Entry entry) {
    return new Entry(
        entry.key(),
        entry.question(),
        entry.answer(),
        entry.upstreamTime(),
        entry.model(),
        entry.storedAt(),
        entry.storedAt().plus(Duration.ofHours(1)),
        entry.tags());
  }
}
