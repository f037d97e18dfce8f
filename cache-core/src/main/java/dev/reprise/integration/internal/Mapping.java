package dev.reprise.integration.internal;

import dev.reprise.engine.AnswerReader;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Served;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.engine.StreamingUpstream;
import dev.reprise.engine.Upstream;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;

/** What became of a framework's request, and what the engine does with it. */
public sealed interface Mapping {
  /** Answers the request, or bypasses the cache. */
  <R, X extends Exception> Served<R> serve(
      CacheEngine engine, Upstream<R, X> upstream, AnswerReader reader) throws X;

  /** Streams the answer, or bypasses the cache. */
  <C> StreamSubscriber.Subscription stream(
      CacheEngine engine,
      StreamingUpstream<C> upstream,
      StreamSubscriber<C> subscriber,
      AnswerReader reader);

  /** Returns what a lookup would see now. */
  LookupExplanation explain(CacheEngine engine);

  /** Passes feedback on; returns false if nothing is known of the hit any more. */
  boolean feedback(CacheEngine engine, Outcome.Hit hit, Feedback feedback);

  /** Remembers that the model takes no temperature, as far as the request could be mapped. */
  void temperatureRefused(CacheEngine engine);

  /** Returns whether the request sets no temperature, as far as it could be mapped. */
  boolean isTemperatureUnset();

  /** All of it is in the request. */
  record Mapped(CacheRequest request) implements Mapping {
    @Override
    public <R, X extends Exception> Served<R> serve(
        CacheEngine engine, Upstream<R, X> upstream, AnswerReader reader) throws X {
      return engine.serve(request, upstream, reader);
    }

    @Override
    public <C> StreamSubscriber.Subscription stream(
        CacheEngine engine,
        StreamingUpstream<C> upstream,
        StreamSubscriber<C> subscriber,
        AnswerReader reader) {
      return engine.stream(request, upstream, subscriber, reader);
    }

    @Override
    public LookupExplanation explain(CacheEngine engine) {
      return engine.explain(request);
    }

    @Override
    public boolean feedback(CacheEngine engine, Outcome.Hit hit, Feedback feedback) {
      return engine.feedback(request, hit.entry().key(), feedback);
    }

    @Override
    public void temperatureRefused(CacheEngine engine) {
      engine.temperatureRefused(request);
    }

    @Override
    public boolean isTemperatureUnset() {
      return request.parameters().get(CacheRequest.TEMPERATURE).isEmpty();
    }
  }

  /**
   * Something of it cannot be mapped: it must bypass the cache.
   *
   * @param reason what
   * @param control what the caller asks of the cache all the same
   */
  record Unmapped(Reason reason, CacheControl control) implements Mapping {
    @Override
    public <R, X extends Exception> Served<R> serve(
        CacheEngine engine, Upstream<R, X> upstream, AnswerReader reader) throws X {
      return engine.bypass(reason, control, upstream);
    }

    @Override
    public <C> StreamSubscriber.Subscription stream(
        CacheEngine engine,
        StreamingUpstream<C> upstream,
        StreamSubscriber<C> subscriber,
        AnswerReader reader) {
      return engine.bypass(reason, control, upstream, subscriber);
    }

    @Override
    public LookupExplanation explain(CacheEngine engine) {
      return LookupExplanation.bypassed(reason);
    }

    @Override
    public boolean feedback(CacheEngine engine, Outcome.Hit hit, Feedback feedback) {
      return false;
    }

    @Override
    public void temperatureRefused(CacheEngine engine) {
      // Nothing is known of such a request.
    }

    @Override
    public boolean isTemperatureUnset() {
      return false;
    }
  }
}
