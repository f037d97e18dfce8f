package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.testservers.TlsFiles;
import dev.reprise.tier.Entry;
import dev.reprise.tier.TierException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, ACL users and TLS. */
class RedisSecurityIT {
  private final Entry entry =
      Entries.builder("a", Instant.now()).tags(Tag.of("t"), Tag.of("u")).build();

  @Test
  void passwordOfTheDefaultUser() {
    try (RedisProcess server = RedisProcess.start("--requirepass", "s3cret")) {
      works(tier("redis://:s3cret@127.0.0.1:" + server.port()));
      refuses(tier("redis://127.0.0.1:" + server.port()), "NOAUTH", "check user and password");
      refuses(
          tier("redis://:wr0ng@127.0.0.1:" + server.port()),
          "WRONGPASS",
          "check user and password");
    }
  }

  /** The commands and keys that docs and messages name are enough. */
  @Test
  void aclUserWithNoMoreRightsThanDocumented() {
    try (RedisProcess server = RedisProcess.start()) {
      String[] rights =
          "on >s3cret ~reprise:* -@all +get +set +unlink +eval +zadd +zremrangebyscore +zrevrange +pexpire +getrange +scan"
              .split(" ", -1);
      List<String> user = new ArrayList<>(List.of("ACL", "SETUSER", "app"));
      user.addAll(List.of(rights));
      server.send(user.toArray(new String[0]));
      server.send("ACL", "SETUSER", "reader", "on", ">s3cret", "~reprise:*", "-@all", "+get");
      works(tier("redis://app:s3cret@127.0.0.1:" + server.port()));
      try (RedisExactTier reader =
          tier("redis://reader:s3cret@127.0.0.1:" + server.port()).build()) {
        assertThat(reader.fetch(entry.key())).isEmpty();
        assertThatThrownBy(() -> reader.store(entry))
            .isInstanceOf(TierException.class)
            .hasMessageContaining("NOPERM")
            .hasMessageContaining("+eval");
      }
    }
  }

  @Test
  void anotherDatabase() {
    try (RedisProcess server = RedisProcess.start()) {
      works(tier("redis://127.0.0.1:" + server.port() + "/5"));
      try (RedisExactTier five = tier("redis://127.0.0.1:" + server.port() + "/5").build();
          RedisExactTier zero = tier("redis://127.0.0.1:" + server.port()).build()) {
        five.store(entry);
        assertThat(zero.fetch(entry.key())).isEmpty();
      }
    }
  }

  @Test
  void tls(@TempDir Path directory) {
    TlsFiles tls = TlsFiles.create(directory);
    try (RedisProcess server = RedisProcess.startTls(tls, "--requirepass", "s3cret")) {
      works(
          tier("rediss://:s3cret@localhost:" + server.port())
              .sslSocketFactory(tls.trustingSockets()));
      try (RedisExactTier distrusting =
          tier("rediss://:s3cret@localhost:" + server.port()).build()) {
        assertThatThrownBy(() -> distrusting.fetch(entry.key()))
            .isInstanceOf(TierException.class)
            .hasMessageContaining("whether its certificate is trusted");
      }
      try (RedisExactTier plain = tier("redis://:s3cret@localhost:" + server.port()).build()) {
        assertThatThrownBy(() -> plain.fetch(entry.key())).isInstanceOf(TierException.class);
      }
    }
  }

  private static RedisExactTier.Builder tier(String url) {
    return RedisExactTier.builder(url).deadline(RedisTierContract.PATIENT);
  }

  private void works(RedisExactTier.Builder builder) {
    try (RedisExactTier tier = builder.build()) {
      tier.store(entry);
      assertThat(tier.fetch(entry.key())).isPresent();
      assertThat(tier.invalidate(Tag.of("u"))).isEqualTo(1);
      assertThat(tier.fetch(entry.key())).isEmpty();
      tier.store(entry);
      assertThat(tier.remove(entry.key())).isTrue();
    }
  }

  private void refuses(RedisExactTier.Builder builder, String... words) {
    try (RedisExactTier tier = builder.build()) {
      assertThatThrownBy(() -> tier.fetch(entry.key()))
          .isInstanceOf(TierException.class)
          .hasMessageContainingAll(words)
          .hasMessageNotContainingAny("s3cret", "wr0ng");
    }
  }
}
