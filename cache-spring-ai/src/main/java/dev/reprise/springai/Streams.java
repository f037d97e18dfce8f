package dev.reprise.springai;

import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.OnceReader;
import java.util.function.Function;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/** Streams through the engine. */
final class Streams {
  private Streams() {}

  /**
   * Returns the stream that answers {@code prompt}. Nothing is asked before it is subscribed.
   *
   * @param mapping maps the prompt: on the subscriber's thread, or where that must not block on one
   *     of Reactor's that may
   * @param asked streams from the model
   */
  static Flux<ChatResponse> stream(
      ModelAdapter adapter,
      Prompt prompt,
      Function<Prompt, Mapping> mapping,
      Function<Prompt, Flux<ChatResponse>> asked) {
    return Flux.deferContextual(
        context -> {
          // Reactor restores registered thread-locals in handle, and not in map.
          Flux<ChatResponse> stream =
              Mono.just(prompt)
                  .<Mapping>handle((one, sink) -> sink.next(mapping.apply(one)))
                  .flatMapMany(
                      mapped ->
                          Flux.<ChatResponse>create(
                                  sink -> start(adapter, mapped, prompt, asked, context, sink))
                              // A lookup may wait for a server, which an event loop must not.
                              .subscribeOn(Schedulers.boundedElastic()));
          // So may the application's function that resolves the scope.
          return Schedulers.isInNonBlockingThread()
              ? stream.subscribeOn(Schedulers.boundedElastic())
              : stream;
        });
  }

  private static void start(
      ModelAdapter adapter,
      Mapping mapping,
      Prompt prompt,
      Function<Prompt, Flux<ChatResponse>> asked,
      ContextView context,
      FluxSink<ChatResponse> sink) {
    OnceReader<ChatResponse> reader = adapter.streamCodec().reader();
    Subscriber subscriber = new Subscriber(sink, reader);
    OwnStream upstream = new OwnStream(adapter, mapping, prompt, asked, context);
    // The engine's subscription is there only when the stream has begun.
    Disposable.Swap cancel = Disposables.swap();
    sink.onDispose(cancel);
    StreamSubscriber.Subscription subscription =
        mapping.stream(adapter.engine(), upstream, subscriber, reader);
    cancel.update(subscription::cancel);
  }

  /** Passes on what the engine gives. */
  private static final class Subscriber implements StreamSubscriber<ChatResponse> {
    private final FluxSink<ChatResponse> sink;
    private final OnceReader<ChatResponse> reader;

    Subscriber(FluxSink<ChatResponse> sink, OnceReader<ChatResponse> reader) {
      this.sink = sink;
      this.reader = reader;
    }

    @Override
    public void onWhole(Outcome.Answered outcome) {
      for (ChatResponse chunk : Chunks.replay(reader.reply(outcome))) {
        if (sink.isCancelled()) {
          return;
        }
        sink.next(chunk);
      }
      sink.complete();
    }

    @Override
    public void onChunk(ChatResponse chunk, Subscription subscription) {
      sink.next(chunk);
    }

    @Override
    public void onComplete(Outcome.Answered outcome) {
      sink.complete();
    }

    @Override
    public void onUnsatisfied(Outcome.Unsatisfied outcome) {
      sink.error(new NotCachedException(outcome));
    }

    @Override
    public void onError(Throwable cause) {
      sink.error(cause);
    }
  }
}
