package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** See {@link ExactTier#stacked(NearTier, ExactTier, Duration)}. */
final class StackedExactTier implements ExactTier {
  private final NearTier near;
  private final ExactTier far;
  private final Duration maximumNearStay;

  /** Counts what took entries away here, so that a fetch under way does not put one back. */
  private final AtomicLong removals = new AtomicLong();

  /** Whether {@code near} may hold what others have removed. */
  private volatile boolean isApart;

  StackedExactTier(NearTier near, ExactTier far, Duration maximumNearStay) {
    this.near = near;
    this.far = far;
    this.maximumNearStay = Checks.positive("maximumNearStay", maximumNearStay);
    far.listen(new Copies());
  }

  @Override
  public String name() {
    return near.name() + "+" + far.name();
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    boolean both =
        near.deadlineOwner() == DeadlineOwner.TIER && far.deadlineOwner() == DeadlineOwner.TIER;
    return both ? DeadlineOwner.TIER : DeadlineOwner.ENGINE;
  }

  @Override
  public Optional<Fetched> fetch(ExactKey key) {
    return tryFetch(key).asOptional();
  }

  @Override
  public FetchResult tryFetch(ExactKey key) {
    FetchResult nearby = isApart ? new FetchResult.Absent() : near.tryFetch(key);
    if (nearby instanceof FetchResult.Found) {
      return nearby;
    }
    long before = removals.get();
    FetchResult away = far.tryFetch(key);
    if (away instanceof FetchResult.Found found) {
      fillNear(found.fetched().entry(), before);
      return away;
    }
    return nearby.isUnavailable() ? nearby : away;
  }

  private StoreResult fillNear(Entry entry, long removalsBefore) {
    try {
      StoreResult taken = near.tryStore(entry, maximumNearStay);
      if (removals.get() != removalsBefore) {
        near.remove(entry.key());
      }
      return taken;
    } catch (TierException e) {
      // There is an answer; that the next fetch has to go far again is no reason to lose it.
      return StoreResult.STORED;
    }
  }

  @Override
  public void store(Entry entry) {
    tryStore(entry);
  }

  @Override
  public StoreResult tryStore(Entry entry) {
    StoreResult farther = StoreResult.UNAVAILABLE;
    StoreResult nearer;
    try {
      farther = far.tryStore(entry);
    } finally {
      nearer = near.tryStore(entry, maximumNearStay);
    }
    return farther == StoreResult.STORED ? nearer : farther;
  }

  @Override
  public Beginning begin() {
    return far.begin();
  }

  @Override
  public boolean store(Entry entry, Beginning beginning) {
    return tryStore(entry, beginning) != StoreResult.REFUSED;
  }

  @Override
  public StoreResult tryStore(Entry entry, Beginning beginning) {
    long before = removals.get();
    StoreResult farther = StoreResult.UNAVAILABLE;
    StoreResult nearer = StoreResult.REFUSED;
    try {
      farther = far.tryStore(entry, beginning);
    } finally {
      if (farther != StoreResult.REFUSED) {
        nearer = fillNear(entry, before);
      }
    }
    return farther == StoreResult.STORED ? nearer : farther;
  }

  @Override
  public void listen(RemovalListener listener) {
    far.listen(listener);
  }

  @Override
  public Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
    return far.sharedLog(topic);
  }

  @Override
  public Optional<InstanceBoard> instanceBoard() {
    return far.instanceBoard();
  }

  @Override
  public Optional<SharedFlights> sharedFlights() {
    return far.sharedFlights();
  }

  @Override
  public boolean remove(ExactKey key) {
    boolean wasFar;
    boolean wasNear = false;
    try {
      wasFar = far.remove(key);
    } finally {
      removals.incrementAndGet();
      wasNear = near.remove(key);
    }
    return wasFar || wasNear;
  }

  @Override
  public long invalidate(Tag tag) {
    long wereFar;
    long wereNear = 0;
    try {
      wereFar = far.invalidate(tag);
    } finally {
      removals.incrementAndGet();
      wereNear = near.invalidate(tag);
    }
    return Math.max(wereFar, wereNear);
  }

  @Override
  public Scan scan(Predicate<Entry> visitor) {
    return far.scan(visitor);
  }

  @Override
  public void close() {
    try {
      near.close();
    } finally {
      far.close();
    }
  }

  /** Takes out of {@code near} what others remove from {@code far}. */
  private final class Copies implements RemovalListener {
    @Override
    public void removed(ExactKey key) {
      removals.incrementAndGet();
      near.remove(key);
    }

    @Override
    public void invalidated(Tag tag) {
      removals.incrementAndGet();
      near.invalidate(tag);
    }

    @Override
    public void apart() {
      isApart = true;
    }

    @Override
    public void together() {
      removals.incrementAndGet();
      near.clear();
      isApart = false;
    }
  }
}
