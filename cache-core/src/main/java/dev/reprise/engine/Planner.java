package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.key.internal.UncanonicalException;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Reason;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Optional;

/** Decides what is done with a request, and derives its key. Safe for use by several threads. */
final class Planner {
  private final CachePolicy policy;
  private final Mode mode;
  private final ContributorResolver contributors;
  private final RefusedTemperatures refusedTemperatures;
  private final EventHub events;
  private volatile ScreenedKeys screened;
  private volatile boolean isClosed;

  /**
   * @param mode of the requests for which the policy sets none
   */
  Planner(
      CachePolicy policy,
      Mode mode,
      ContributorResolver contributors,
      RefusedTemperatures refusedTemperatures,
      EventHub events) {
    this.policy = policy;
    this.mode = mode;
    this.contributors = contributors;
    this.refusedTemperatures = refusedTemperatures;
    this.events = events;
    this.screened = new ScreenedKeys(policy);
  }

  /** Lets every request bypass the cache from now on. */
  void close() {
    isClosed = true;
  }

  Planned plan(CacheRequest request, Stopwatch watch) {
    if (isClosed) {
      return new Planned.Bypass(request, new Reason(Reason.Code.CLOSED, "the cache is closed"));
    }
    try {
      return plan(request);
    } catch (UncanonicalException e) {
      return bypass(request, "the request has no canonical form: " + e.getMessage());
    } catch (Throwable e) {
      events.trouble("policy", e);
      return bypass(request, "the policy failed: " + e.getClass().getName());
    } finally {
      watch.lap(Stage.KEY);
    }
  }

  private Planned plan(CacheRequest request) {
    CachePolicy now = policy.current();
    Mode chosen = now.mode(request).orElse(mode);
    if (chosen == Mode.OFF) {
      return new Planned.Bypass(request, new Reason(Reason.Code.OFF, "the cache's mode is off"));
    }
    Plan plan = now.outline(request);
    if (plan instanceof Plan.Bypass bypass) {
      return new Planned.Bypass(request, bypass.reason());
    }
    Plan.Terms terms =
        plan instanceof Plan.ExactOnly exactOnly
            ? exactOnly.terms()
            : ((Plan.ExactThenSemantic) plan).terms();
    CacheRequest asked = withContributor(request);
    if (terms.temperature() == UpstreamTemperature.ZERO) {
      asked = asked.withParameter(CacheRequest.TEMPERATURE, 0L);
      terms = refusedTemperatures.has(asked) ? terms.asRequested() : terms;
    }
    ExactKey key = Canonicalizer.exactKey(asked);
    Optional<Reason> objection = objection(now, request, key);
    return objection.isPresent()
        ? new Planned.Bypass(request, objection.get())
        : new Planned.Cached(
            asked, key, terms, plan instanceof Plan.ExactThenSemantic, now, chosen);
  }

  private CacheRequest withContributor(CacheRequest request) {
    CacheControl control = request.control();
    Contributor contributor = control.contributor() == null ? contributors.resolve(request) : null;
    return contributor == null
        ? request
        : request.withControl(control.withContributor(contributor));
  }

  /**
   * Returns why the policy does not cache the question. What it said of a key holds as long as the
   * policy does: the key names the question and the use case.
   */
  private Optional<Reason> objection(CachePolicy now, CacheRequest request, ExactKey key) {
    ScreenedKeys known = screened;
    if (!known.policy().equals(now)) {
      known = new ScreenedKeys(now);
      screened = known;
    }
    if (known.has(key)) {
      return Optional.empty();
    }
    Optional<Reason> objection = now.screen(request);
    if (objection.isEmpty()) {
      known.add(key);
    }
    return objection;
  }

  private static Planned bypass(CacheRequest request, String why) {
    return new Planned.Bypass(request, new Reason(Reason.Code.UNMAPPABLE, why));
  }
}
