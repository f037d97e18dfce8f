package dev.reprise.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.StreamingUpstream;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A streaming chat model that replays a cached answer or streams from its delegate. Safe for use by
 * several threads if the delegate is.
 *
 * <p>It shares its entries with a {@link CachingChatModel} over the same model. A streamed answer
 * serves an awaited request, and vice versa.
 *
 * <ul>
 *   <li>Miss: each callback of the delegate is passed on at once, on the delegate's thread.
 *   <li>Equal request in flight: the same callbacks, on a thread of the engine, the earlier ones at
 *       once. A callback's {@code StreamingHandle} cancels this request only. The delegate's stream
 *       is cancelled when no request is left.
 *   <li>Hit: thinking and text word by word, whole tool calls, the complete response with {@link
 *       CacheMetadata}, all on the calling thread before {@code chat} returns.
 * </ul>
 *
 * <p>The delegate's exceptions reach {@code onError}.
 */
public final class CachingStreamingChatModel implements StreamingChatModel {
  private final StreamingChatModel delegate;
  private final ModelAdapter adapter;

  private CachingStreamingChatModel(StreamingChatModel delegate, ModelAdapter adapter) {
    this.delegate = delegate;
    this.adapter = adapter;
  }

  /**
   * Returns a builder.
   *
   * @param delegate called if the cache has no answer
   * @param scope who may share the answers
   */
  public static Builder builder(StreamingChatModel delegate, CacheEngine engine, Scope scope) {
    return new Builder(delegate, engine, CachingModelBuilder.fixed(scope));
  }

  /**
   * Returns a builder of a model that serves several scopes: see {@link Builder#scopeFor}, which is
   * required. A request without a scope bypasses the cache.
   *
   * @param delegate called if the cache has no answer
   */
  public static Builder builder(StreamingChatModel delegate, CacheEngine engine) {
    return new Builder(delegate, engine, CachingModelBuilder::unknown);
  }

  @Override
  public void chat(
      ChatRequest request,
      @Nullable ChatRequestOptions options,
      StreamingChatResponseHandler handler) {
    stream(adapter.map(request, delegate.defaultRequestParameters()), request, options, handler);
  }

  /** Streams the answer to a request into which the default parameters are merged already. */
  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Objects.requireNonNull(request, "request");
    stream(adapter.map(request), request, null, handler);
  }

  /**
   * Streams the answer to {@code request}. Where only a cached answer was asked for, and there is
   * none, {@code onError} takes a {@link NotCachedException}.
   *
   * @param options in place of those that the builder was given
   */
  public void chat(
      ChatRequest request, CacheRequestOptions options, StreamingChatResponseHandler handler) {
    stream(
        adapter.map(request, delegate.defaultRequestParameters(), options), request, null, handler);
  }

  private void stream(
      Mapping mapping,
      ChatRequest request,
      @Nullable ChatRequestOptions options,
      StreamingChatResponseHandler handler) {
    Objects.requireNonNull(handler, "handler");
    OwnStream upstream = new OwnStream(mapping, request, options);
    OnceReader<ChatResponse> reader = adapter.codec().reader();
    HandlerSubscriber subscriber = new HandlerSubscriber(handler, reader);
    mapping.stream(adapter.engine(), upstream, subscriber, reader);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return delegate.defaultRequestParameters();
  }

  @Override
  public ModelProvider provider() {
    return delegate.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return delegate.supportedCapabilities();
  }

  /** This request's stream of the delegate, if one is started. */
  private final class OwnStream implements StreamingUpstream<StreamChunk> {
    private final Mapping mapping;
    private final ChatRequest request;
    private final @Nullable ChatRequestOptions options;

    OwnStream(Mapping mapping, ChatRequest request, @Nullable ChatRequestOptions options) {
      this.mapping = mapping;
      this.request = request;
      this.options = options;
    }

    @Override
    public void start(Sink<StreamChunk> sink) {
      ask(request, new UpstreamHandler(sink, adapter.codec()));
    }

    @Override
    public void start(Sink<StreamChunk> sink, UpstreamTemperature temperature) {
      if (temperature == UpstreamTemperature.AS_REQUESTED) {
        start(sink);
        return;
      }
      Optional<ChatRequest> atZero = ZeroTemperature.in(request);
      if (atZero.isEmpty()) {
        // The key says temperature 0, so this answer must not be stored.
        ask(request, new UpstreamHandler(sink, adapter.codec()).unstored());
        return;
      }
      UpstreamHandler first = new UpstreamHandler(sink, adapter.codec());
      first.onRefusal(() -> again(sink));
      try {
        ask(atZero.get(), first);
      } catch (RuntimeException e) {
        first.onError(e);
      }
    }

    private void again(Sink<StreamChunk> sink) {
      UpstreamHandler second = new UpstreamHandler(sink, adapter.codec());
      second.onSuccess(() -> mapping.temperatureRefused(adapter.engine()));
      try {
        ask(request, second);
      } catch (RuntimeException e) {
        second.onError(e);
      }
    }

    @Override
    public boolean isEndedBy(Throwable failure) {
      return !(mapping.isTemperatureUnset() && ZeroTemperature.isRefused(failure));
    }

    private void ask(ChatRequest asked, UpstreamHandler handler) {
      // A simple model implements chat(ChatRequest, StreamingChatResponseHandler) alone.
      if (options == null || options.equals(ChatRequestOptions.EMPTY)) {
        delegate.chat(asked, handler);
      } else {
        delegate.chat(asked, options, handler);
      }
    }
  }

  /**
   * Collects the options of a {@link CachingStreamingChatModel}. Not safe for use by several
   * threads.
   */
  public static final class Builder extends CachingModelBuilder<Builder> {
    private final StreamingChatModel delegate;

    private Builder(
        StreamingChatModel delegate,
        CacheEngine engine,
        Function<ChatRequest, @Nullable Scope> scopeFor) {
      super(
          engine,
          scopeFor,
          Objects.requireNonNull(delegate, "delegate").getClass(),
          delegate.provider(),
          Completion.OTHER);
      this.delegate = delegate;
    }

    @Override
    Builder self() {
      return this;
    }

    /** Returns the model. */
    public CachingStreamingChatModel build() {
      return new CachingStreamingChatModel(delegate, adapter());
    }
  }
}
