package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testservers.RedisProcess;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

class IdleConnectionsIT {
  private final RedisProcess server = RedisProcess.start();
  private final AtomicLong nanoseconds = new AtomicLong();
  private final IdleConnections connections =
      new IdleConnections(
          new HostAndPort("127.0.0.1", server.port()),
          DefaultJedisClientConfig.builder().build(),
          2,
          Duration.ofMillis(20),
          nanoseconds::get);

  @AfterEach
  void stop() {
    connections.close();
    server.close();
  }

  @Test
  void theLastOneUsedIsUsedAgainAndNoMoreAreOpenThanAllowed() {
    Connection first = connections.take();
    Connection second = connections.take();
    assertThat(second.ping()).isTrue();
    assertThatThrownBy(connections::take)
        .isInstanceOf(JedisException.class)
        .hasCauseInstanceOf(NoSuchElementException.class);
    first.close();
    second.close();
    second.close();
    assertThat(connections.take()).isSameAs(second);
    assertThat(connections.take()).isSameAs(first);
    assertThatThrownBy(connections::take).isInstanceOf(JedisException.class);
  }

  @Test
  void whatIsBrokenOrClearedIsNotUsedAgain() {
    Connection broken = connections.take();
    broken.setBroken();
    broken.close();
    Connection next = connections.take();
    assertThat(next).isNotSameAs(broken);
    assertThat(broken.isConnected()).isFalse();
    next.close();
    connections.clear();
    assertThat(next.isConnected()).isFalse();
    Connection last = connections.take();
    assertThat(last).isNotSameAs(next);
    connections.close();
    last.close();
    assertThat(last.isConnected()).isFalse();
  }

  @Test
  void whatIsIdleForAMinuteIsClosedAsAnotherOneIsGivenBack() {
    Connection first = connections.take();
    Connection second = connections.take();
    first.close();
    nanoseconds.addAndGet(Duration.ofSeconds(61).toNanos());
    second.close();
    assertThat(first.isConnected()).isFalse();
    assertThat(second.isConnected()).isTrue();
    assertThat(connections.take()).isSameAs(second);
  }

  @Test
  void whatIsIdleForAMinuteIsHandedOut() {
    Connection only = connections.take();
    only.close();
    nanoseconds.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(connections.take()).isSameAs(only);
  }

  @Test
  void whatIsIdleForLongerIsClosedAndNotHandedOut() {
    Connection first = connections.take();
    Connection second = connections.take();
    first.close();
    second.close();
    nanoseconds.addAndGet(Duration.ofMinutes(1).toNanos() + 1);
    Connection third = connections.take();
    assertThat(third).isNotSameAs(first).isNotSameAs(second);
    assertThat(third.ping()).isTrue();
    assertThat(first.isConnected()).isFalse();
    assertThat(second.isConnected()).isFalse();
    // Neither frees a place once more.
    first.close();
    second.close();
    Connection fourth = connections.take();
    assertThat(fourth).isNotSameAs(first).isNotSameAs(second);
    assertThatThrownBy(connections::take).hasCauseInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aServerThatIsDownLeavesNoConnectionTaken() {
    server.kill();
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(connections::take).isInstanceOf(JedisConnectionException.class);
    }
    server.restart();
    connections.take().close();
  }

  @Test
  void aCallerThatIsInterruptedWhileItWaitsIsTold() {
    connections.take();
    connections.take();
    Thread.currentThread().interrupt();
    assertThatThrownBy(connections::take)
        .isInstanceOf(JedisException.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }
}
