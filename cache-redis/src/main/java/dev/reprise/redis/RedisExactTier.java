package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.bytes;
import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.unexpected;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.model.internal.Checks;
import dev.reprise.tier.Beginning;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.InstanceBoard;
import dev.reprise.tier.RemovalListener;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SharedFlights;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Delay;

/**
 * An exact tier on Redis 6.2 or later: one server, a master behind sentinels, or a cluster. Several
 * processes can share it.
 *
 * <p>It uses no network before the first call. A failed call throws a {@link TierException} and
 * does not affect later ones: a connection that timed out is closed. After a restart of the server,
 * the tier reconnects by itself.
 *
 * <p>The deadline bounds a call on an open connection from its first byte to its last. A call that
 * must wait for a connection or open one may take three times as long, and with TLS or a password
 * once more for each step of the handshake. An invalidation takes one round trip per thousand
 * entries, each with the deadline. A scan takes one per 500 keys and one per 32 entries, and holds
 * the entries of a page in memory.
 */
public final class RedisExactTier implements ExactTier {
  /** What {@link #name} returns: {@value}. */
  public static final String NAME = "redis";

  /** The default of {@link Builder#keyPrefix}: {@value}. */
  public static final String DEFAULT_KEY_PREFIX = "reprise:";

  /** The default of {@link Builder#deadline}: 50 milliseconds. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMillis(50);

  /** The shortest {@link Builder#deadline}: one millisecond. */
  public static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);

  /** The longest {@link Builder#deadline}: one minute. */
  public static final Duration LONGEST_DEADLINE = Duration.ofMinutes(1);

  /** The default of {@link Builder#maximumConnections}: {@value}. */
  public static final int DEFAULT_MAXIMUM_CONNECTIONS = 16;

  /** The most {@link Builder#maximumConnections}: {@value}. */
  public static final int MOST_CONNECTIONS = 1_024;

  /** The default of {@link Builder#flightLease}: 2 seconds. */
  public static final Duration DEFAULT_FLIGHT_LEASE = Duration.ofSeconds(2);

  /** How many keys of the server a walk looks at in one round trip. */
  private static final int SCANNED_PER_PAGE = 500;

  /** How many entries a walk fetches in one round trip. */
  private static final int ENTRIES_PER_PAGE = 32;

  private static final long CLOCK_INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private final RedisCalls calls;
  private final RedisKeys keys;
  private final InstantSource clock;
  private final ServerClock time;
  private final Removals removals = new Removals();
  private final Eviction eviction;
  private final RedisWrites writes;
  private final Map<SharedLog.Topic, RedisLog> logs = new EnumMap<>(SharedLog.Topic.class);
  private final RedisFlights flights;
  private final RedisLink link;
  private long askedAt;

  private RedisExactTier(Builder builder) {
    RedisAddress address = builder.address;
    calls = new RedisCalls(topology(builder), NAME, address.toString(), builder.deadline);
    keys = new RedisKeys(builder.keyPrefix);
    clock = builder.clock;
    time = new ServerClock(calls, keys.removals());
    eviction = new Eviction(calls);
    boolean isCluster = address.kind() == RedisAddress.Kind.CLUSTER;
    writes = new RedisWrites(calls, keys, isCluster, clock, time, removals, eviction);
    JedisClientConfig client = client(builder, address.login(), address.database());
    link =
        new RedisLink(
            keys.removals(),
            calls,
            server -> new Connection(server, client),
            removals,
            this::keepUp);
    String process = UUID.randomUUID().toString();
    for (SharedLog.Topic topic : SharedLog.Topic.values()) {
      logs.put(topic, new RedisLog(calls, keys.log(topic), topic, process, link::start));
    }
    flights = new RedisFlights(calls, keys, removals, builder.flightLease, link::start);
    askedAt = System.nanoTime() - CLOCK_INTERVAL - 1;
  }

  /**
   * Returns a builder for the Redis at {@code url}, with every default.
   *
   * @param url one of
   *     <ul>
   *       <li>{@code redis://user:password@host:port/database}, all but the host optional
   *       <li>{@code redis-sentinel://user:password@host:port,host:port/master?db=0}; the
   *           sentinels' own login as {@code sentinelUser} and {@code sentinelPassword}
   *       <li>{@code redis-cluster://user:password@host:port,host:port}
   *       <li>one of these with {@code rediss} for TLS
   *     </ul>
   *     Percent-encode reserved characters in user and password.
   * @throws IllegalArgumentException if it is none of these
   */
  public static Builder builder(String url) {
    return new Builder(RedisAddress.parse(Objects.requireNonNull(url, "url")));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  @Override
  public Optional<Fetched> fetch(ExactKey key) {
    byte[] name = keys.entry(key);
    Object value = calls.send(command(name, Command.GET, name));
    if (value == null) {
      return Optional.empty();
    }
    Optional<Entry> entry = StoredValue.decode(key, bytes(value));
    if (entry.isEmpty() || entry.get().isExpired(clock.instant())) {
      return Optional.empty();
    }
    return Optional.of(new Fetched(entry.get(), NAME));
  }

  @Override
  public void store(Entry entry) {
    writes.store(entry);
  }

  @Override
  public Beginning begin() {
    return time.now();
  }

  @Override
  public boolean store(Entry entry, Beginning beginning) {
    return writes.store(entry, beginning);
  }

  /**
   * Adds a listener that receives the removals of other processes. With the first listener, the
   * tier opens one more connection and starts three threads.
   */
  @Override
  public void listen(RemovalListener listener) {
    removals.add(listener);
    link.start();
  }

  @Override
  public Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
    return Optional.ofNullable(logs.get(topic));
  }

  @Override
  public Optional<InstanceBoard> instanceBoard() {
    return Optional.of(new RedisBoard(calls, keys, clock));
  }

  /** Coalesces by leases: see {@link Builder#flightLease}. */
  @Override
  public Optional<SharedFlights> sharedFlights() {
    return Optional.of(flights);
  }

  @Override
  public boolean remove(ExactKey key) {
    return writes.remove(key);
  }

  @Override
  public long invalidate(Tag tag) {
    return writes.invalidate(tag);
  }

  @Override
  public Scan scan(Predicate<Entry> visitor) {
    for (HostAndPort server : calls.servers()) {
      byte[] cursor = RedisKeys.START;
      do {
        Object answer = calls.send(server, keys.nextPage(cursor, SCANNED_PER_PAGE));
        if (!(answer instanceof List<?> page)
            || page.size() != 2
            || !(page.get(1) instanceof List<?> names)) {
          throw unexpected();
        }
        cursor = bytes(page.get(0));
        for (Entry entry : entries(names)) {
          if (!visitor.test(entry)) {
            return Scan.STOPPED;
          }
        }
      } while (!Arrays.equals(cursor, RedisKeys.START));
    }
    return Scan.COMPLETE;
  }

  private List<Entry> entries(List<?> names) {
    List<Entry> entries = new ArrayList<>();
    List<RedisCalls.Keyed> commands = new ArrayList<>();
    List<ExactKey> wanted = new ArrayList<>();
    for (Object each : names) {
      byte[] name = bytes(each);
      keys.exactKey(name)
          .ifPresent(
              key -> {
                wanted.add(key);
                commands.add(command(name, Command.GET, name));
              });
    }
    Instant now = clock.instant();
    for (int from = 0; from < wanted.size(); from += ENTRIES_PER_PAGE) {
      int to = Math.min(wanted.size(), from + ENTRIES_PER_PAGE);
      List<@Nullable Object> values = calls.sendAll(commands.subList(from, to));
      for (int i = from; i < to; i++) {
        Object value = values.get(i - from);
        if (value != null) {
          StoredValue.decode(wanted.get(i), bytes(value))
              .filter(entry -> !entry.isExpired(now))
              .ifPresent(entries::add);
        }
      }
    }
    return entries;
  }

  @Override
  public void close() {
    flights.close();
    link.close();
    calls.close();
  }

  /** What is done four times a second while somebody listens. */
  private void keepUp() {
    long now = System.nanoTime();
    if (now - askedAt > CLOCK_INTERVAL) {
      time.ask();
      askedAt = now;
      eviction.look();
    }
    logs.values().forEach(RedisLog::read);
  }

  private static RedisTopology topology(Builder builder) {
    RedisAddress address = builder.address;
    JedisClientConfig client = client(builder, address.login(), address.database());
    ConnectionPoolConfig pooling = pooling(builder);
    return switch (address.kind()) {
      case STANDALONE ->
          new StandaloneTopology(
              address.nodes().iterator().next(),
              client,
              builder.maximumConnections,
              builder.deadline);
      case SENTINEL -> {
        JedisClientConfig sentinel = client(builder, address.sentinelLogin(), 0);
        yield new SentinelTopology(
            () ->
                new SentineledConnectionProvider(
                    address.masterName(),
                    client,
                    pooling,
                    address.nodes(),
                    sentinel,
                    Delay.constant(Duration.ofSeconds(1))),
            builder.deadline);
      }
      case CLUSTER ->
          new ClusterTopology(
              () -> new ClusterConnectionProvider(address.nodes(), client, pooling),
              builder.deadline);
    };
  }

  /**
   * Jedis would rather have its SslOptions; these read the trust store and make a context for every
   * connection, which the deadline has no time for and which loses the sessions of TLS.
   */
  @SuppressWarnings("deprecation")
  private static JedisClientConfig client(
      Builder builder, Optional<RedisAddress.Login> login, int database) {
    int deadline = (int) builder.deadline.toMillis();
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(deadline)
            .socketTimeoutMillis(deadline)
            .database(database)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    // A new connection says no more than it must: each greeting is a round trip.
    JedisVersions.useServerDefaultProtocol(client);
    login.ifPresent(
        known -> {
          known.user().ifPresent(client::user);
          client.password(known.password());
        });
    if (builder.address.transport() == RedisAddress.Transport.TLS) {
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      client.ssl(true).sslParameters(parameters);
      if (builder.sslSocketFactory != null) {
        client.sslSocketFactory(builder.sslSocketFactory);
      }
    }
    return client.build();
  }

  private static ConnectionPoolConfig pooling(Builder builder) {
    ConnectionPoolConfig pooling = new ConnectionPoolConfig();
    pooling.setMaxTotal(builder.maximumConnections);
    pooling.setMaxIdle(builder.maximumConnections);
    pooling.setMaxWait(builder.deadline);
    pooling.setTestWhileIdle(false);
    pooling.setJmxEnabled(false);
    return pooling;
  }

  /** Builds a {@link RedisExactTier}. */
  public static final class Builder {
    /** Braces would put all keys of a cluster into one slot. */
    private static final Pattern PREFIX = Pattern.compile("[!-z|~]{0,64}");

    private final RedisAddress address;
    private String keyPrefix = DEFAULT_KEY_PREFIX;
    private Duration deadline = DEFAULT_DEADLINE;
    private int maximumConnections = DEFAULT_MAXIMUM_CONNECTIONS;
    private Duration flightLease = DEFAULT_FLIGHT_LEASE;
    private @Nullable SSLSocketFactory sslSocketFactory;
    private InstantSource clock = InstantSource.system();

    private Builder(RedisAddress address) {
      this.address = address;
    }

    /**
     * Sets the prefix of every key on the server. Default: {@value
     * RedisExactTier#DEFAULT_KEY_PREFIX}.
     *
     * @param keyPrefix 0 to 64 visible ASCII characters, no braces
     */
    public Builder keyPrefix(String keyPrefix) {
      Objects.requireNonNull(keyPrefix, "keyPrefix");
      if (!PREFIX.matcher(keyPrefix).matches()) {
        throw new IllegalArgumentException(
            "keyPrefix is \""
                + keyPrefix
                + "\", but must be 0 to 64 visible ASCII characters without braces");
      }
      this.keyPrefix = keyPrefix;
      return this;
    }

    /**
     * Sets the deadline of a call on an open connection, of opening one, and of waiting for a free
     * one. Default: 50 milliseconds.
     *
     * @param deadline one millisecond to one minute
     */
    public Builder deadline(Duration deadline) {
      this.deadline =
          Checks.inRange(
              "deadline",
              Objects.requireNonNull(deadline, "deadline"),
              SHORTEST_DEADLINE,
              LONGEST_DEADLINE);
      return this;
    }

    /**
     * Sets the most open connections, per server of a cluster. Default: {@value
     * RedisExactTier#DEFAULT_MAXIMUM_CONNECTIONS}.
     *
     * @param maximumConnections 1 to {@value RedisExactTier#MOST_CONNECTIONS}
     */
    public Builder maximumConnections(int maximumConnections) {
      this.maximumConnections =
          Checks.inRange("maximumConnections", maximumConnections, 1, MOST_CONNECTIONS);
      return this;
    }

    /**
     * Sets how long other processes wait for a process that died while it called the upstream. A
     * live process renews its lease four times in this time. Default: 2 seconds.
     *
     * @param flightLease 100 milliseconds to one minute
     */
    public Builder flightLease(Duration flightLease) {
      this.flightLease =
          Checks.inRange("flightLease", flightLease, Duration.ofMillis(100), LONGEST_DEADLINE);
      return this;
    }

    /**
     * Sets the factory of TLS connections, if the JVM's own trust store does not suffice. The
     * server's name must still be in its certificate.
     */
    public Builder sslSocketFactory(SSLSocketFactory sslSocketFactory) {
      this.sslSocketFactory = Objects.requireNonNull(sslSocketFactory, "sslSocketFactory");
      return this;
    }

    /** Sets the clock by which entries expire. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Returns the tier, without any I/O.
     *
     * @throws IllegalArgumentException if {@link #sslSocketFactory} is set and the URL is not one
     *     with TLS
     */
    public RedisExactTier build() {
      if (sslSocketFactory != null && address.transport() == RedisAddress.Transport.PLAIN) {
        throw new IllegalArgumentException(
            "sslSocketFactory is set, but the url " + address + " has no TLS; write rediss");
      }
      return new RedisExactTier(this);
    }
  }
}
