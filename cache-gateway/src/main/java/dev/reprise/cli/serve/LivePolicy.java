package dev.reprise.cli.serve;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.policy.Plan;
import java.time.Instant;
import java.util.Optional;

/** A policy that can be exchanged while requests are under way; each is decided by one. */
final class LivePolicy implements CachePolicy {
  private volatile CachePolicy policy;

  LivePolicy(CachePolicy policy) {
    this.policy = policy;
  }

  /** Decides by {@code next} about all requests that come from now on. */
  void exchange(CachePolicy next) {
    policy = next;
  }

  @Override
  public CachePolicy current() {
    return policy;
  }

  @Override
  public Optional<Mode> mode(CacheRequest request) {
    return policy.mode(request);
  }

  @Override
  public Plan plan(CacheRequest request) {
    return policy.plan(request);
  }

  @Override
  public Plan outline(CacheRequest request) {
    return policy.outline(request);
  }

  @Override
  public Optional<Reason> screen(CacheRequest request) {
    return policy.screen(request);
  }

  @Override
  public Admission admit(CacheRequest request, Answer answer, Instant now) {
    return policy.admit(request, answer, now);
  }
}
