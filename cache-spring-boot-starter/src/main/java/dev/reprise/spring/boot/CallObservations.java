package dev.reprise.spring.boot;

import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import reactor.util.context.ContextView;

/*
 * The engine reports the end of a request on the thread that then gets the answer, or the last piece of a stream. So the end waits in a
 * thread-local for the few instructions between the two.
 */
/**
 * Opens an observation {@code reprise.cache} around each call of a cached model: a timer, and with
 * a tracer a span. The call of the model itself is a child of it.
 */
final class CallObservations implements CallObserver {
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
      } else if (outcome instanceof Outcome.CuratedHit) {
        return of("curated-hit");
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
  public void ended(CacheEvent.Terminal end) {
    if (!registry.get().isNoop()) {
      ENDED.set(End.of(end));
    }
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
      return Fluxes.observed(call.run(arguments), create);
    }
    return method.getReturnType() == void.class
        ? Handlers.observed(arguments, call, create.get())
        : awaited(arguments, call, new Running(create.get()));
  }

  private static @Nullable Object awaited(@Nullable Object[] arguments, Call call, Running running)
      throws Throwable {
    Observation.Scope scope = running.start().openScope();
    End otherwise = End.UNKNOWN;
    try {
      return call.run(arguments);
    } catch (Throwable e) {
      running.observation().error(e);
      otherwise = End.FAILED;
      throw e;
    } finally {
      scope.close();
      running.stop(otherwise);
    }
  }

  /**
   * An observation that stops once, whatever comes first: a subscriber may cancel while the last
   * piece comes.
   */
  private record Running(Observation observation, AtomicBoolean stopped) {
    Running(Observation observation) {
      this(observation, new AtomicBoolean());
    }

    /** Forgets what an earlier request left on this thread, and starts. */
    Observation start() {
      ENDED.remove();
      return observation.start();
    }

    /** Adds what the engine reported on this thread, and ends the observation. */
    void stop(End otherwise) {
      End reported = ENDED.get();
      ENDED.remove();
      if (stopped.getAndSet(true)) {
        return;
      }
      End end = reported == null ? otherwise : reported;
      observation
          .lowCardinalityKeyValue(OUTCOME, end.outcome())
          .lowCardinalityKeyValue(REASON, end.reason())
          .stop();
    }

    void fail(Throwable e) {
      observation.error(e);
      stop(End.FAILED);
    }
  }

  /** Streams of Reactor. Apart, since an application need not have it. */
  private static final class Fluxes {
    /** What ObservationThreadLocalAccessor calls it. */
    private static final String CONTEXT_KEY = "micrometer.observation";

    private Fluxes() {}

    static @Nullable Object observed(@Nullable Object stream, Supplier<Observation> create) {
      return stream instanceof Flux<?> flux
          ? Flux.deferContextual(context -> observed(flux, context, new Running(create.get())))
          : stream;
    }

    private static Flux<?> observed(Flux<?> flux, ContextView context, Running running) {
      if (context.hasKey(CONTEXT_KEY)) {
        running.observation().parentObservation(context.get(CONTEXT_KEY));
      }
      running.start();
      // A cancel is handled after the engine has reported it, which doOnCancel would come before.
      return flux.doOnComplete(() -> running.stop(End.UNKNOWN))
          .doOnError(running::fail)
          .doFinally(
              signal -> {
                if (signal == SignalType.CANCEL) {
                  running.stop(End.CANCELLED);
                }
              })
          .contextWrite(write -> write.put(CONTEXT_KEY, running.observation()));
    }
  }

  /** Streams of LangChain4j. Apart, since an application need not have it. */
  private static final class Handlers {
    private Handlers() {}

    static @Nullable Object observed(
        @Nullable Object[] arguments, Call call, Observation observation) throws Throwable {
      Running running = new Running(observation);
      @Nullable Object[] observed = arguments.clone();
      boolean isStream = false;
      for (int i = 0; i < observed.length; i++) {
        if (observed[i] instanceof StreamingChatResponseHandler handler) {
          observed[i] = observed(handler, running);
          isStream = true;
        }
      }
      if (!isStream) {
        return call.run(arguments);
      }
      Observation.Scope scope = running.start().openScope();
      try {
        return call.run(observed);
      } catch (Throwable e) {
        running.fail(e);
        throw e;
      } finally {
        scope.close();
      }
    }

    /** A proxy, since newer versions of the interface have more methods. */
    private static Object observed(StreamingChatResponseHandler handler, Running running) {
      return Proxy.newProxyInstance(
          StreamingChatResponseHandler.class.getClassLoader(),
          new Class<?>[] {StreamingChatResponseHandler.class},
          (proxy, method, values) -> {
            Object[] passed = values == null ? new Object[0] : values.clone();
            if (method.getName().equals("onCompleteResponse")) {
              running.stop(End.UNKNOWN);
            } else if (method.getName().equals("onError")) {
              running.fail((Throwable) passed[0]);
            }
            Arrays.setAll(passed, i -> cancellable(passed[i], running));
            return AopUtils.invokeJoinpointUsingReflection(handler, method, passed);
          });
    }

    /** Nothing is called back after a cancel, so that the handle itself ends the observation. */
    private static Object cancellable(Object value, Running running) {
      if (value instanceof PartialResponseContext context) {
        return new PartialResponseContext(new Handle(context.streamingHandle(), running));
      } else if (value instanceof PartialThinkingContext context) {
        return new PartialThinkingContext(new Handle(context.streamingHandle(), running));
      } else if (value instanceof PartialToolCallContext context) {
        return new PartialToolCallContext(new Handle(context.streamingHandle(), running));
      }
      return value;
    }

    private record Handle(StreamingHandle handle, Running running) implements StreamingHandle {
      @Override
      public void cancel() {
        handle.cancel();
        running.stop(End.CANCELLED);
      }

      @Override
      public boolean isCancelled() {
        return handle.isCancelled();
      }
    }
  }
}
