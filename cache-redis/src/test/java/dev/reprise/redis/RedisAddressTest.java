package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisAddressTest {
  @Test
  void oneServerWithEverything() {
    RedisAddress address = RedisAddress.parse("redis://app:p%40ss%3A+1@cache.example:6380/3");

    assertThat(address.kind()).isEqualTo(RedisAddress.Kind.STANDALONE);
    assertThat(address.transport()).isEqualTo(RedisAddress.Transport.PLAIN);
    assertThat(address.nodes()).containsExactly(new HostAndPort("cache.example", 6380));
    assertThat(address.database()).isEqualTo(3);
    assertThat(address.login()).contains(new RedisAddress.Login(Optional.of("app"), "p@ss:+1"));
  }

  @Test
  void oneServerWithNothing() {
    RedisAddress address = RedisAddress.parse("redis://localhost");

    assertThat(address.nodes()).containsExactly(new HostAndPort("localhost", 6379));
    assertThat(address.database()).isZero();
    assertThat(address.login()).isEmpty();
  }

  @Test
  void aPasswordWithoutUserIsTheDefaultUsers() {
    assertThat(RedisAddress.parse("redis://:secret@h").login())
        .contains(new RedisAddress.Login(Optional.empty(), "secret"));
  }

  @Test
  void sentinels() {
    RedisAddress address =
        RedisAddress.parse(
            "redis-sentinel://app:secret@a:1,b/main?db=2&sentinelUser=s&sentinelPassword=t");

    assertThat(address.kind()).isEqualTo(RedisAddress.Kind.SENTINEL);
    assertThat(address.nodes())
        .containsExactly(new HostAndPort("a", 1), new HostAndPort("b", 26379));
    assertThat(address.masterName()).isEqualTo("main");
    assertThat(address.database()).isEqualTo(2);
    assertThat(address.login()).contains(new RedisAddress.Login(Optional.of("app"), "secret"));
    assertThat(address.sentinelLogin()).contains(new RedisAddress.Login(Optional.of("s"), "t"));
  }

  @Test
  void cluster() {
    RedisAddress address = RedisAddress.parse("redis-cluster://a:7000,[::1]:7001,c");

    assertThat(address.kind()).isEqualTo(RedisAddress.Kind.CLUSTER);
    assertThat(address.nodes())
        .containsExactly(
            new HostAndPort("a", 7000), new HostAndPort("::1", 7001), new HostAndPort("c", 6379));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "rediss://h STANDALONE",
        "rediss-sentinel://h/m SENTINEL",
        "rediss-cluster://h CLUSTER"
      })
  void withTls(String url, RedisAddress.Kind kind) {
    assertThat(RedisAddress.parse(url).transport()).isEqualTo(RedisAddress.Transport.TLS);
    assertThat(RedisAddress.parse(url).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:6379|it has no scheme",
        "http://h|its scheme is unknown",
        "redis://|it has no host",
        "redis://a,b|one server has one host",
        "redis://h:0|its port must be a number from 1 to 65535",
        "redis://h:70000|its port must be a number from 1 to 65535",
        "redis://h:x|its port must be a number from 1 to 65535",
        "redis://h/x|its database must be a number from 0 to 1000000",
        "redis://h/-1|its database must be a number from 0 to 1000000",
        "redis://h/1?db=1|it names the database twice",
        "redis://h?timeout=1|it has an option that is unknown here: [timeout]",
        "redis://h?db|an option has a value: ?db=0",
        "redis://user@h|it has a user but no password",
        "redis://::1:6379|an IPv6 address stands in brackets: [::1]:6379",
        "redis://u:%zz@h|a % is not followed by two hexadecimal digits",
        "redis-sentinel://h|it does not name the master",
        "redis-sentinel://h/m?sentinelUser=s|sentinelUser has no sentinelPassword",
        "redis-cluster://h/1|a cluster has no databases",
        "redis-cluster://h,|it has no host",
      })
  void refusesWithTheUrlTheReasonAndTheForms(String url, String reason) {
    assertThatThrownBy(() -> RedisAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url is ")
        .hasMessageContaining(reason)
        .hasMessageContaining("redis-sentinel://[user:password@]host[:port],host[:port]/master");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://app:s3cret@h",
        "redis://app:s3cret@h:x",
        "redis://app:s3c/ret@h:x",
        "redis://app:s3c@ret@h:x",
        "app:s3cret@h",
        "redis-sentinel://h/m?sentinelPassword=s3cret&x=y"
      })
  void neverQuotesAPassword(String url) {
    assertThatThrownBy(() -> RedisAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("s3c")
        .doesNotContain("ret@");
  }

  @Test
  void saysWhereItIsWithoutTheLogin() {
    assertThat(RedisAddress.parse("rediss://app:secret@h:1/2")).hasToString("rediss://h:1/2");
    assertThat(RedisAddress.parse("redis-sentinel://:secret@a,b:2/m"))
        .hasToString("redis-sentinel://a:26379,b:2/m");
    assertThat(new RedisAddress.Login(Optional.of("app"), "secret").toString())
        .doesNotContain("secret");
  }
}
