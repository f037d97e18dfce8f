package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import java.util.Optional;

/** See {@link ExactTier#stacked}. */
final class StackedExactTier implements ExactTier {
  private final ExactTier near;
  private final ExactTier far;

  StackedExactTier(ExactTier near, ExactTier far) {
    this.near = near;
    this.far = far;
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
    Optional<Fetched> fetched = near.fetch(key);
    if (fetched.isEmpty()) {
      fetched = far.fetch(key);
      fetched.ifPresent(found -> near.store(found.entry()));
    }
    return fetched;
  }

  @Override
  public void store(Entry entry) {
    try {
      far.store(entry);
    } finally {
      near.store(entry);
    }
  }

  @Override
  public boolean remove(ExactKey key) {
    boolean wasFar;
    boolean wasNear = false;
    try {
      wasFar = far.remove(key);
    } finally {
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
      wereNear = near.invalidate(tag);
    }
    return Math.max(wereFar, wereNear);
  }

  @Override
  public void close() {
    try {
      near.close();
    } finally {
      far.close();
    }
  }
}
