package dev.reprise.testing;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.NearTier;
import dev.reprise.tier.Scan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The simplest exact tier: a map, whose entries never leave it by themselves. */
public final class MapExactTier implements NearTier {
  private final String name;
  private final InstantSource clock;
  private final Map<ExactKey, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicInteger closings = new AtomicInteger();

  public MapExactTier(InstantSource clock) {
    this("map", clock);
  }

  public MapExactTier(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  @Override
  public Optional<Fetched> fetch(ExactKey key) {
    return Optional.ofNullable(entries.get(key))
        .filter(entry -> !entry.isExpired(clock.instant()))
        .map(entry -> new Fetched(entry, name));
  }

  @Override
  public void store(Entry entry) {
    if (!entry.isExpired(clock.instant())) {
      entries.put(entry.key(), entry);
    }
  }

  @Override
  public void store(Entry entry, Duration maximumStay) {
    store(entry);
  }

  @Override
  public boolean remove(ExactKey key) {
    return entries.remove(key) != null;
  }

  @Override
  public long invalidate(Tag tag) {
    long count = 0;
    for (Entry entry : List.copyOf(entries.values())) {
      if (entry.tags().contains(tag) && entries.remove(entry.key(), entry)) {
        count++;
      }
    }
    return count;
  }

  @Override
  public Scan scan(Predicate<Entry> visitor) {
    for (Entry entry : List.copyOf(entries.values())) {
      if (!entry.isExpired(clock.instant()) && !visitor.test(entry)) {
        return Scan.STOPPED;
      }
    }
    return Scan.COMPLETE;
  }

  @Override
  public void close() {
    closings.incrementAndGet();
  }

  /** Returns all entries, expired ones included. */
  public Map<ExactKey, Entry> entries() {
    return entries;
  }

  /** Returns how often it was closed. */
  public int closings() {
    return closings.get();
  }
}
