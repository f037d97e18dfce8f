package dev.reprise.spring.boot;

import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.RequestListener;
import dev.reprise.model.CacheRequest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/*
 * The engine reports the end of a request on the thread that then gets the answer, or the last piece of a stream. So the end waits in a
 * thread-local for the few instructions between the two.
 */
/**
 * Opens an observation {@code reprise.cache} around each call of a cached model: a timer, and with
 * a tracer a span. The call of the model itself is a child of it.
 */
final class CallObservations implements CallObserver, RequestListener {
  /** The name of the observation, and of its timer. */
  static final String NAME = "reprise.cache";

  private static final ThreadLocal<@Nullable End> ENDED = new ThreadLocal<>();

  private static final String BEAN = "reprise.bean";
  private static final String OUTCOME = "reprise.outcome";
  private static final String REASON = "reprise.reason";

  private final Supplier<ObservationRegistry> registry;

  /** How a request ended. */
  private record End(String outcome, String reason) {
    static final End UNKNOWN = of("unknown");
    static final End FAILED = of("failed");
    static final End CANCELLED = of("cancelled");

    static End of(String outcome) {
      return new End(outcome, "none");
    }

    static End of(CacheEvent.Terminal end) {
      if (end instanceof CacheEvent.Finished finished) {
        return of(finished.outcome());
      }
      return end instanceof CacheEvent.Cancelled ? CANCELLED : FAILED;
    }

    private static End of(Outcome outcome) {
      if (outcome instanceof Outcome.ExactHit) {
        return of("exact-hit");
      } else if (outcome instanceof Outcome.SemanticHit) {
        return of("semantic-hit");
      } else if (outcome instanceof Outcome.Computed computed) {
        return of(computed.call() == Outcome.Call.SHARED ? "shared" : "computed");
      } else if (outcome instanceof Outcome.Bypassed bypassed) {
        String code = bypassed.reason().code().name();
        return new End("bypassed", code.toLowerCase(Locale.ROOT).replace('_', '-'));
      }
      return of("unsatisfied");
    }
  }

  CallObservations(Supplier<ObservationRegistry> registry) {
    this.registry = registry;
  }

  @Override
  public void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    ENDED.set(End.of(end));
  }

  @Override
  public @Nullable Object observe(
      String bean, Method method, @Nullable Object[] arguments, Call call) throws Throwable {
    ObservationRegistry observations = registry.get();
    if (observations.isNoop()) {
      return call.run(arguments);
    }
    Supplier<Observation> create =
        () ->
            Observation.createNotStarted(NAME, observations)
                .contextualName("cache " + bean)
                .lowCardinalityKeyValue(BEAN, bean);
    if (method.getReturnType().getName().equals("reactor.core.publisher.Flux")) {
      return Fluxes.observed(call.run(arguments), create, this);
    }
    return method.getReturnType() == void.class
        ? Handlers.observed(arguments, call, create.get(), this)
        : awaited(arguments, call, create.get());
  }

  private @Nullable Object awaited(@Nullable Object[] arguments, Call call, Observation observation)
      throws Throwable {
    ENDED.remove();
    observation.start();
    Observation.Scope scope = observation.openScope();
    End otherwise = End.UNKNOWN;
    try {
      return call.run(arguments);
    } catch (Throwable e) {
      observation.error(e);
      otherwise = End.FAILED;
      throw e;
    } finally {
      scope.close();
      stop(observation, otherwise);
    }
  }

  /** Adds what the engine reported on this thread, and ends the observation. */
  private void stop(Observation observation, End otherwise) {
    End reported = ENDED.get();
    ENDED.remove();
    End end = reported == null ? otherwise : reported;
    observation
        .lowCardinalityKeyValue(OUTCOME, end.outcome())
        .lowCardinalityKeyValue(REASON, end.reason())
        .stop();
  }

  /** Streams of Reactor. Apart, since an application need not have it. */
  private static final class Fluxes {
    /** What ObservationThreadLocalAccessor calls it. */
    private static final String CONTEXT_KEY = "micrometer.observation";

    private Fluxes() {}

    static @Nullable Object observed(
        @Nullable Object stream, Supplier<Observation> create, CallObservations observations) {
      return stream instanceof Flux<?> flux
          ? Flux.deferContextual(context -> observed(flux, context, create.get(), observations))
          : stream;
    }

    private static Flux<?> observed(
        Flux<?> flux, ContextView context, Observation observation, CallObservations all) {
      observation.parentObservation(context.getOrDefault(CONTEXT_KEY, null));
      observation.start();
      // A subscriber may cancel while the last piece comes.
      AtomicBoolean stopped = new AtomicBoolean();
      Consumer<End> stop =
          end -> {
            if (stopped.compareAndSet(false, true)) {
              all.stop(observation, end);
            }
          };
      return flux.doOnComplete(() -> stop.accept(End.UNKNOWN))
          .doOnError(
              e -> {
                observation.error(e);
                stop.accept(End.FAILED);
              })
          .doOnCancel(() -> stop.accept(End.CANCELLED))
          .contextWrite(write -> write.put(CONTEXT_KEY, observation));
    }
  }

  /** Streams of LangChain4j. Apart, since an application need not have it. */
  private static final class Handlers {
    private Handlers() {}

    static @Nullable Object observed(
        @Nullable Object[] arguments,
        Call call,
        Observation observation,
        CallObservations observations)
        throws Throwable {
      @Nullable Object[] observed = arguments.clone();
      boolean isStream = false;
      for (int i = 0; i < observed.length; i++) {
        if (observed[i] instanceof StreamingChatResponseHandler handler) {
          observed[i] = observed(handler, observation, observations);
          isStream = true;
        }
      }
      if (!isStream) {
        return call.run(arguments);
      }
      observation.start();
      Observation.Scope scope = observation.openScope();
      try {
        return call.run(observed);
      } catch (Throwable e) {
        observation.error(e);
        observations.stop(observation, End.FAILED);
        throw e;
      } finally {
        scope.close();
      }
    }

    /** A proxy, since newer versions of the interface have more methods. */
    private static Object observed(
        StreamingChatResponseHandler handler, Observation observation, CallObservations all) {
      return Proxy.newProxyInstance(
          StreamingChatResponseHandler.class.getClassLoader(),
          new Class<?>[] {StreamingChatResponseHandler.class},
          (proxy, method, values) -> {
            Object[] passed = values == null ? new Object[0] : values;
            if (method.getName().equals("onCompleteResponse")) {
              all.stop(observation, End.UNKNOWN);
            } else if (method.getName().equals("onError")) {
              observation.error((Throwable) passed[0]);
              all.stop(observation, End.FAILED);
            }
            return AopUtils.invokeJoinpointUsingReflection(handler, method, passed);
          });
    }
  }
}
