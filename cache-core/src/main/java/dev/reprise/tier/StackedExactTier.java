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
    Optional<Fetched> fetched = isApart ? Optional.empty() : near.fetch(key);
    if (fetched.isPresent()) {
      return fetched;
    }
    long before = removals.get();
    fetched = far.fetch(key);
    fetched.ifPresent(found -> fillNear(found.entry(), before));
    return fetched;
  }

  private void fillNear(Entry entry, long removalsBefore) {
    try {
      near.store(entry, maximumNearStay);
      if (removals.get() != removalsBefore) {
        near.remove(entry.key());
      }
    } catch (TierException e) {
      // There is an answer; that the next fetch has to go far again is no reason to lose it.
      return;
    }
  }

  @Override
  public void store(Entry entry) {
    try {
      far.store(entry);
    } finally {
      near.store(entry, maximumNearStay);
    }
  }

  @Override
  public Beginning begin() {
    return far.begin();
  }

  @Override
  public boolean store(Entry entry, Beginning beginning) {
    long before = removals.get();
    boolean isStored = true;
    try {
      isStored = far.store(entry, beginning);
    } finally {
      if (isStored) {
        fillNear(entry, before);
      }
    }
    return isStored;
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
