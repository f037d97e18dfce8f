package dev.reprise.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Reply;
import dev.reprise.engine.Served;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.integration.internal.ZeroFirstCall;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * LangChain4j merges a model's default parameters into a request before it calls doChat. The key must see the merged request;
 * the delegate gets the request as it came and merges for itself, so that nothing is merged twice, and its listeners see one
 * request for each call that is made and none for a hit. So this model has no listeners of its own.
 */
/**
 * A chat model that answers from the cache or calls its delegate. Safe for use by several threads
 * if the delegate is.
 *
 * <p>A fresh response is the delegate's own object, unchanged. A response from the cache has {@link
 * CacheMetadata}. The delegate's exceptions reach the caller unchanged.
 */
public final class CachingChatModel implements ChatModel {
  private final ChatModel delegate;
  private final ModelAdapter adapter;

  private CachingChatModel(ChatModel delegate, ModelAdapter adapter) {
    this.delegate = delegate;
    this.adapter = adapter;
  }

  /**
   * Returns a builder.
   *
   * @param delegate called if the cache has no answer
   * @param scope who may share the answers
   */
  public static Builder builder(ChatModel delegate, CacheEngine engine, Scope scope) {
    return new Builder(delegate, engine, CachingModelBuilder.fixed(scope));
  }

  /**
   * Returns a builder of a model that serves several scopes: see {@link Builder#scopeFor}, which is
   * required. A request without a scope bypasses the cache.
   *
   * @param delegate called if the cache has no answer
   */
  public static Builder builder(ChatModel delegate, CacheEngine engine) {
    return new Builder(delegate, engine, CachingModelBuilder::unknown);
  }

  @Override
  public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
    return answer(adapter.map(request, delegate.defaultRequestParameters()), request, options)
        .response();
  }

  /** Answers a request into which the default parameters are merged already. */
  @Override
  public ChatResponse doChat(ChatRequest request) {
    Objects.requireNonNull(request, "request");
    return answer(adapter.map(request), request, null).response();
  }

  /**
   * Answers {@code request}, and tells how.
   *
   * @throws NotCachedException if only a cached answer was asked for, and there is none
   */
  public ChatOutcome answer(ChatRequest request) {
    return answer(adapter.map(request, delegate.defaultRequestParameters()), request, null);
  }

  /**
   * Answers {@code request}, and tells how.
   *
   * @param options in place of those that the builder was given
   * @throws NotCachedException if only a cached answer was asked for, and there is none
   */
  public ChatOutcome answer(ChatRequest request, CacheRequestOptions options) {
    return answer(
        adapter.map(request, delegate.defaultRequestParameters(), options), request, null);
  }

  private ChatOutcome answer(
      Mapping mapping, ChatRequest request, @Nullable ChatRequestOptions options) {
    ZeroFirstCall<ChatRequest, ChatResponse> call =
        ZeroFirstCall.of(request, mapping, new Delegate(options), adapter.temperature(mapping));
    OnceReader<ChatResponse> reader = adapter.codec().reader();
    Served<ChatResponse> served = mapping.serve(adapter.engine(), call, reader);
    if (served.outcome() instanceof Outcome.Answered answered) {
      return new ChatOutcome(served.own().orElseGet(() -> reader.reply(answered)), answered);
    }
    throw new NotCachedException((Outcome.Unsatisfied) served.outcome());
  }

  /** Says what a lookup of {@code request} would see now: see {@link CacheEngine#explain}. */
  public LookupExplanation explain(ChatRequest request) {
    return adapter.map(request, delegate.defaultRequestParameters()).explain(adapter.engine());
  }

  /**
   * Says what a lookup of {@code request} would see now: see {@link CacheEngine#explain}.
   *
   * @param options in place of those that the builder was given
   */
  public LookupExplanation explain(ChatRequest request, CacheRequestOptions options) {
    return adapter
        .map(request, delegate.defaultRequestParameters(), options)
        .explain(adapter.engine());
  }

  /**
   * Records feedback on an answer that the cache served for {@code request}: see {@link
   * CacheEngine#feedback(dev.reprise.model.CacheRequest, dev.reprise.key.ExactKey, Feedback)}.
   *
   * @param hit the hit: {@link CacheMetadata#of}, or {@link ChatOutcome#outcome}
   * @return false if the entry is no longer known
   */
  public boolean feedback(ChatRequest request, Outcome.Hit hit, Feedback feedback) {
    Objects.requireNonNull(hit, "hit");
    Objects.requireNonNull(feedback, "feedback");
    return adapter
        .map(request, delegate.defaultRequestParameters())
        .feedback(adapter.engine(), hit, feedback);
  }

  /**
   * Records feedback on an answer that the cache served for {@code request}.
   *
   * @param options the options of the request
   * @param hit the hit: {@link CacheMetadata#of}, or {@link ChatOutcome#outcome}
   * @return false if the entry is no longer known
   */
  public boolean feedback(
      ChatRequest request, CacheRequestOptions options, Outcome.Hit hit, Feedback feedback) {
    Objects.requireNonNull(hit, "hit");
    Objects.requireNonNull(feedback, "feedback");
    return adapter
        .map(request, delegate.defaultRequestParameters(), options)
        .feedback(adapter.engine(), hit, feedback);
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

  /**
   * Calls the delegate. It is no lambda: older versions have no {@code ChatRequestOptions}, and
   * linking a lambda that captures one would fail there.
   */
  private final class Delegate implements Function<ChatRequest, Reply<ChatResponse>> {
    private final @Nullable ChatRequestOptions options;

    Delegate(@Nullable ChatRequestOptions options) {
      this.options = options;
    }

    @Override
    public Reply<ChatResponse> apply(ChatRequest asked) {
      // A simple model implements chat(ChatRequest) alone.
      ChatResponse given =
          options == null || options.equals(ChatRequestOptions.EMPTY)
              ? delegate.chat(asked)
              : delegate.chat(asked, options);
      Objects.requireNonNull(given, "the model returned null in place of a response");
      return new Reply<>(adapter.codec().encode(given), given);
    }
  }

  /** Collects the options of a {@link CachingChatModel}. Not safe for use by several threads. */
  public static final class Builder extends CachingModelBuilder<Builder> {
    private final ChatModel delegate;

    private Builder(
        ChatModel delegate, CacheEngine engine, Function<ChatRequest, @Nullable Scope> scopeFor) {
      super(
          engine,
          scopeFor,
          Objects.requireNonNull(delegate, "delegate").getClass(),
          delegate.provider(),
          Completion.COMPLETE);
      this.delegate = delegate;
    }

    @Override
    Builder self() {
      return this;
    }

    /** Returns the model. */
    public CachingChatModel build() {
      return new CachingChatModel(delegate, adapter());
    }
  }
}
