package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.Entries;
import dev.reprise.testservers.RedisServer;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
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

  @ParameterizedTest
  @MethodSource("versions")
  void itStoresFetchesAndInvalidates(Path jedis) throws Exception {
    try (OneVersion loader = new OneVersion(jedis)) {
      Class<?> type = loader.loadClass(RedisExactTier.class.getName());
      assertThat(type).isNotEqualTo(RedisExactTier.class);
      Object builder =
          type.getMethod("builder", String.class).invoke(null, RedisServer.shared().url());
      // A version is tried here, not how quick a busy machine is.
      builder
          .getClass()
          .getMethod("deadline", Duration.class)
          .invoke(builder, Duration.ofSeconds(10));
      Method build = builder.getClass().getMethod("build");
      try (ExactTier tier = (ExactTier) build.invoke(builder)) {
        Random random = new Random(jedis.toString().hashCode());
        for (int i = 0; i < 20; i++) {
          Entry entry = lasting(Entries.random(random, Instant.now()));
          tier.store(entry);
          assertThat(tier.fetch(entry.key()).map(ExactTier.Fetched::entry)).contains(entry);
          assertThat(tier.remove(entry.key())).isTrue();
          assertThat(tier.fetch(entry.key())).isEmpty();
        }
      }
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
