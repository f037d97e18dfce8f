package dev.reprise.gateway.admin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * Slows down who guesses at the admin token: after {@value #FREE_ATTEMPTS} wrong ones from one
 * address, one attempt a second is looked at, and the others are refused whatever they show. Safe
 * for use by several threads.
 */
public final class TokenBrake {
  /** So many wrong tokens in a row cost nothing: {@value}. */
  public static final int FREE_ATTEMPTS = 10;

  /** How long one more attempt takes to come: 1 s. */
  public static final Duration PER_ATTEMPT = Duration.ofSeconds(1);

  private static final int ADDRESSES = 10_000;

  /** What an attacker of IPv6 is assigned, in bytes: any address within it is the same one's. */
  private static final int IPV6_NETWORK = 8;

  private final InstantSource clock;
  private final Cache<String, Instant> paid =
      Caffeine.newBuilder().maximumSize(ADDRESSES).expireAfterWrite(Duration.ofMinutes(1)).build();

  TokenBrake(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns whether an attempt from {@code address} is refused without being looked at. */
  boolean isOn(SocketAddress address) {
    Instant until = paid.getIfPresent(source(address));
    Duration free = PER_ATTEMPT.multipliedBy(FREE_ATTEMPTS - 1L);
    return until != null && until.isAfter(clock.instant().plus(free));
  }

  /** Notes a wrong token from {@code address}. */
  void wrong(SocketAddress address) {
    Instant now = clock.instant();
    paid.asMap()
        .merge(
            source(address),
            now.plus(PER_ATTEMPT),
            (before, first) -> (before.isAfter(now) ? before : now).plus(PER_ATTEMPT));
  }

  /** Notes the right token from {@code address}. */
  void right(SocketAddress address) {
    paid.invalidate(source(address));
  }

  private static String source(SocketAddress address) {
    if (address instanceof InetSocketAddress internet && internet.getAddress() != null) {
      byte[] bytes = internet.getAddress().getAddress();
      return internet.getAddress() instanceof Inet6Address
          ? Arrays.toString(Arrays.copyOf(bytes, IPV6_NETWORK))
          : internet.getAddress().getHostAddress();
    }
    return "";
  }
}
