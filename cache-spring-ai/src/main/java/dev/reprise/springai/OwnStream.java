package dev.reprise.springai;

import dev.reprise.engine.StreamingUpstream;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** One request's stream of the model, if one is started. */
final class OwnStream implements StreamingUpstream<ChatResponse> {
  private final ModelAdapter adapter;
  private final Mapping mapping;
  private final Prompt prompt;
  private final Function<Prompt, Flux<ChatResponse>> asked;
  private final ContextView context;

  OwnStream(
      ModelAdapter adapter,
      Mapping mapping,
      Prompt prompt,
      Function<Prompt, Flux<ChatResponse>> asked,
      ContextView context) {
    this.adapter = adapter;
    this.mapping = mapping;
    this.prompt = prompt;
    this.asked = asked;
    this.context = context;
  }

  @Override
  public void start(Sink<ChatResponse> sink) {
    asked.apply(prompt).subscribe(new Chunk(sink));
  }

  @Override
  public void start(Sink<ChatResponse> sink, UpstreamTemperature temperature) {
    if (temperature == UpstreamTemperature.AS_REQUESTED) {
      start(sink);
      return;
    }
    Optional<Prompt> atZero = adapter.atZero(prompt);
    if (atZero.isEmpty()) {
      // The key says temperature 0, so this answer must not be stored.
      Chunk unstored = new Chunk(sink);
      unstored.isStored = false;
      asked.apply(prompt).subscribe(unstored);
      return;
    }
    Chunk first = new Chunk(sink);
    first.whenRefused = () -> again(sink);
    asked.apply(atZero.get()).subscribe(first);
  }

  private void again(Sink<ChatResponse> sink) {
    Chunk second = new Chunk(sink);
    second.whenComplete = () -> mapping.temperatureRefused(adapter.engine());
    asked.apply(prompt).subscribe(second);
  }

  @Override
  public boolean isEndedBy(Throwable failure) {
    return !(mapping.isTemperatureUnset() && ZeroTemperature.isRefused(failure));
  }

  /** Takes the model's chunks and gives them to the engine. */
  private final class Chunk extends BaseSubscriber<ChatResponse> {
    private final Sink<ChatResponse> sink;
    private final ChunkAggregator all = new ChunkAggregator();
    private boolean isStored = true;

    /** Whether anything was passed on, so that the stream cannot be started again. */
    private boolean hasBegun;

    private @Nullable Runnable whenRefused;
    private Runnable whenComplete = () -> {};

    Chunk(Sink<ChatResponse> sink) {
      this.sink = sink;
    }

    @Override
    public Context currentContext() {
      return Context.of(context);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      sink.cancelWith(this::cancel);
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(ChatResponse chunk) {
      hasBegun = true;
      all.add(chunk);
      sink.next(chunk);
    }

    @Override
    protected void hookOnComplete() {
      whenComplete.run();
      Answer answer = all.answer(adapter.streamCodec());
      sink.complete(isStored ? answer : answer.withCompletion(Completion.OTHER));
    }

    @Override
    protected void hookOnError(Throwable error) {
      Runnable again = whenRefused;
      if (again != null && !hasBegun && ZeroTemperature.isRefused(error)) {
        whenRefused = null;
        again.run();
      } else {
        sink.fail(error);
      }
    }
  }
}
