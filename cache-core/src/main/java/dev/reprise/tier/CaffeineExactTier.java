package dev.reprise.tier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An exact tier in the process, bounded by the bytes that its entries take. When it is full, it
 * evicts the least used entries (Caffeine's W-TinyLFU). It never serves an expired entry. It has no
 * thread of its own: expired entries give their memory back as the tier is used.
 */
public final class CaffeineExactTier implements NearTier {
  /** What {@link #name} returns: {@value}. */
  public static final String NAME = "memory";

  /** The default of {@link Builder#maximumBytes}, in bytes: {@value} (64 MiB). */
  public static final long DEFAULT_MAXIMUM_BYTES = 64L * 1024 * 1024;

  /** The smallest {@link Builder#maximumBytes}, in bytes: {@value} (64 KiB). */
  public static final long SMALLEST_MAXIMUM_BYTES = 64L * 1024;

  private final Cache<ExactKey, Held> cache;

  /**
   * Which keys have a tag. It is changed only while the key's entry is locked by the cache (in
   * compute and in the eviction listener), so that both always tell the same.
   */
  private final ConcurrentHashMap<Tag, Set<ExactKey>> index = new ConcurrentHashMap<>();

  private final InstantSource clock;

  private CaffeineExactTier(Builder builder) {
    clock = builder.clock;
    cache =
        Caffeine.newBuilder()
            .maximumWeight(builder.maximumBytes)
            .weigher((ExactKey key, Held held) -> HeapBytes.of(held.entry()))
            .expireAfter(new UntilDropped())
            .ticker(() -> nanoseconds(clock.instant()))
            .evictionListener(this::evicted)
            .executor(Runnable::run)
            .build();
  }

  /** Returns a builder with every default. */
  public static Builder builder() {
    return new Builder();
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
    Held held = cache.getIfPresent(key);
    // Caffeine reads the clock before it looks, so that an entry may expire between the two.
    return held == null || held.dropAt() <= nanoseconds(clock.instant())
        ? Optional.empty()
        : Optional.of(held.fetched());
  }

  @Override
  public void store(Entry entry) {
    store(entry, entry.expiresAt(), clock.instant());
  }

  @Override
  public void store(Entry entry, Duration maximumStay) {
    Checks.positive("maximum stay", maximumStay);
    Instant now = clock.instant();
    boolean shorter = entry.remaining(now).compareTo(maximumStay) > 0;
    store(entry, shorter ? now.plus(maximumStay) : entry.expiresAt(), now);
  }

  private void store(Entry entry, Instant dropAt, Instant now) {
    if (entry.isExpired(now)) {
      return;
    }
    Held held = new Held(new Fetched(entry, NAME), nanoseconds(dropAt));
    cache
        .asMap()
        .compute(
            entry.key(),
            (key, old) -> {
              if (old != null) {
                removeFromIndex(old.entry());
              }
              addToIndex(entry);
              return held;
            });
  }

  @Override
  public boolean remove(ExactKey key) {
    AtomicBoolean removed = new AtomicBoolean();
    cache
        .asMap()
        .computeIfPresent(
            key,
            (present, held) -> {
              removeFromIndex(held.entry());
              removed.set(true);
              return null;
            });
    return removed.get();
  }

  @Override
  public long invalidate(Tag tag) {
    long count = 0;
    for (ExactKey key : members(tag)) {
      if (remove(key, tag)) {
        count++;
      }
    }
    return count;
  }

  private boolean remove(ExactKey key, Tag tag) {
    AtomicBoolean removed = new AtomicBoolean();
    cache
        .asMap()
        .computeIfPresent(
            key,
            (present, held) -> {
              // It may have been replaced by one without the tag since the index was read.
              if (!held.entry().tags().contains(tag)) {
                return held;
              }
              removeFromIndex(held.entry());
              removed.set(true);
              return null;
            });
    return removed.get();
  }

  @Override
  public Scan scan(Predicate<Entry> visitor) {
    // Looking at the map's values is no use of them: it changes nothing of what is dropped first.
    for (Held held : cache.asMap().values()) {
      if (held.dropAt() > nanoseconds(clock.instant()) && !visitor.test(held.entry())) {
        return Scan.STOPPED;
      }
    }
    return Scan.COMPLETE;
  }

  @Override
  public void clear() {
    for (ExactKey key : List.copyOf(cache.asMap().keySet())) {
      remove(key);
    }
  }

  @Override
  public void close() {
    clear();
    cache.cleanUp();
  }

  /** Drops what is expired now, as any use does by and by. */
  void cleanUp() {
    cache.cleanUp();
  }

  /** Returns how many entries there are, expired ones that were not dropped yet included. */
  long size() {
    return cache.estimatedSize();
  }

  /** Returns how many pairs of a tag and a key the index holds. */
  int indexSize() {
    return index.values().stream().mapToInt(Set::size).sum();
  }

  private List<ExactKey> members(Tag tag) {
    Set<ExactKey> members = index.get(tag);
    return members == null ? List.of() : List.copyOf(members);
  }

  private void evicted(@Nullable ExactKey key, @Nullable Held held, RemovalCause cause) {
    if (held != null) {
      removeFromIndex(held.entry());
    }
  }

  private void addToIndex(Entry entry) {
    for (Tag tag : entry.tags()) {
      index.compute(
          tag,
          (name, members) -> {
            Set<ExactKey> all = members == null ? ConcurrentHashMap.newKeySet() : members;
            all.add(entry.key());
            return all;
          });
    }
  }

  private void removeFromIndex(Entry entry) {
    for (Tag tag : entry.tags()) {
      index.computeIfPresent(
          tag,
          (name, members) -> {
            members.remove(entry.key());
            return members.isEmpty() ? null : members;
          });
    }
  }

  /**
   * Nanoseconds since 1970; the end of what a long can count, in the year 2262, for what is later.
   */
  private static long nanoseconds(Instant instant) {
    long seconds = Math.min(instant.getEpochSecond(), Long.MAX_VALUE / 1_000_000_000L - 1);
    return seconds * 1_000_000_000L + instant.getNano();
  }

  /**
   * An entry in the cache.
   *
   * @param fetched what a fetch returns, made once
   * @param dropAt when it is dropped, in nanoseconds since 1970: its expiry or before
   */
  private record Held(Fetched fetched, long dropAt) {
    Entry entry() {
      return fetched.entry();
    }
  }

  /** Tells Caffeine how long an entry stays; it counts by the same clock. */
  private static final class UntilDropped implements Expiry<ExactKey, Held> {
    @Override
    public long expireAfterCreate(ExactKey key, Held held, long now) {
      return held.dropAt() - now;
    }

    @Override
    public long expireAfterUpdate(ExactKey key, Held held, long now, long remaining) {
      return held.dropAt() - now;
    }

    @Override
    public long expireAfterRead(ExactKey key, Held held, long now, long remaining) {
      return remaining;
    }
  }

  /** Builds a {@link CaffeineExactTier}. */
  public static final class Builder {
    private long maximumBytes = DEFAULT_MAXIMUM_BYTES;
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /**
     * Bounds the heap that entries may take, as estimated from the length of their texts. Default:
     * {@value CaffeineExactTier#DEFAULT_MAXIMUM_BYTES}.
     *
     * @param maximumBytes {@value CaffeineExactTier#SMALLEST_MAXIMUM_BYTES} or more
     */
    public Builder maximumBytes(long maximumBytes) {
      this.maximumBytes =
          Checks.inRange("maximumBytes", maximumBytes, SMALLEST_MAXIMUM_BYTES, Long.MAX_VALUE);
      return this;
    }

    /** Sets the clock by which entries expire. Default: the system's. */
    public Builder clock(InstantSource clock) {
      Objects.requireNonNull(clock, "clock");
      this.clock = clock;
      return this;
    }

    /** Returns the tier. */
    public CaffeineExactTier build() {
      return new CaffeineExactTier(this);
    }
  }
}
