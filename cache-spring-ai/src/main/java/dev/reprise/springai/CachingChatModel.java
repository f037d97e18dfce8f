package dev.reprise.springai;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Served;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.integration.internal.ZeroFirstCall;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/**
 * A Spring AI chat model that answers from the cache what it can, and asks its delegate for the
 * rest. Safe for use by several threads if the delegate is.
 *
 * <p>It sees the prompt as the model does. So everything that advisors add is in the key: retrieved
 * documents, memory, system texts, format instructions.
 *
 * <ul>
 *   <li>A response that the delegate gave to this request is its own object, untouched. A response
 *       from the cache says so in its metadata: see {@link CacheMetadata}.
 *   <li>What the delegate throws reaches the caller as it is.
 *   <li>A stream passes on every chunk of a miss as it comes. The answer is stored when the stream
 *       is complete; a cancelled stream is not stored. A hit comes word by word.
 *   <li>In Spring AI 1.1 a model runs tools within its call, unless {@code
 *       internalToolExecutionEnabled} is false. Such a request bypasses the cache: its answer
 *       depends on what the tools return.
 * </ul>
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
   * @param delegate what is asked where the cache has no answer
   * @param scope who may share the answers
   */
  public static Builder builder(ChatModel delegate, CacheEngine engine, Scope scope) {
    return new Builder(
        Objects.requireNonNull(delegate, "delegate"), engine, CachingBuilder.fixed(scope));
  }

  /**
   * Returns a builder of a model that serves several scopes: see {@link Builder#scopeFor}, which
   * must be set. A request whose scope nobody knows bypasses the cache.
   *
   * @param delegate what is asked where the cache has no answer
   */
  public static Builder builder(ChatModel delegate, CacheEngine engine) {
    return new Builder(
        Objects.requireNonNull(delegate, "delegate"), engine, CachingBuilder::unknown);
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return answer(prompt, adapter.map(prompt)).response();
  }

  /**
   * Answers {@code prompt}, and returns how.
   *
   * @throws NotCachedException if only a cached answer was asked for, and there is none
   */
  public ChatOutcome answer(Prompt prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return answer(prompt, adapter.map(prompt));
  }

  /**
   * Answers {@code prompt}, and returns how.
   *
   * @param options in place of those that the builder was given
   * @throws NotCachedException if only a cached answer was asked for, and there is none
   */
  public ChatOutcome answer(Prompt prompt, CacheRequestOptions options) {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
    return answer(prompt, adapter.map(prompt, options));
  }

  private ChatOutcome answer(Prompt prompt, Mapping mapping) {
    ZeroFirstCall<Prompt, ChatResponse> call =
        adapter.call(mapping, prompt, delegate::call, Function.identity());
    OnceReader<ChatResponse> reader = adapter.codec().reader();
    Served<ChatResponse> served = mapping.serve(adapter.engine(), call, reader);
    if (served.outcome() instanceof Outcome.Answered answered) {
      return new ChatOutcome(served.own().orElseGet(() -> reader.reply(answered)), answered);
    }
    throw new NotCachedException((Outcome.Unsatisfied) served.outcome());
  }

  /**
   * Streams the answer to {@code prompt}. Nothing is asked before the stream is subscribed. Where
   * only a cached answer was asked for, and there is none, it fails with a {@link
   * NotCachedException}.
   */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return Streams.stream(adapter, prompt, adapter::map, delegate::stream);
  }

  /**
   * Streams the answer to {@code prompt}.
   *
   * @param options in place of those that the builder was given
   */
  public Flux<ChatResponse> stream(Prompt prompt, CacheRequestOptions options) {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
    return Streams.stream(adapter, prompt, one -> adapter.map(one, options), delegate::stream);
  }

  /** Returns what a lookup of {@code prompt} would see now: see {@link CacheEngine#explain}. */
  public LookupExplanation explain(Prompt prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return adapter.map(prompt).explain(adapter.engine());
  }

  /**
   * Returns what a lookup of {@code prompt} would see now: see {@link CacheEngine#explain}.
   *
   * @param options in place of those that the builder was given
   */
  public LookupExplanation explain(Prompt prompt, CacheRequestOptions options) {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
    return adapter.map(prompt, options).explain(adapter.engine());
  }

  /**
   * Takes what the application says of an answer that the cache gave to {@code prompt}: see {@link
   * CacheEngine#feedback(dev.reprise.model.CacheRequest, dev.reprise.key.ExactKey, Feedback)}.
   *
   * @param hit how it was found: {@link CacheMetadata#of}, or {@link ChatOutcome#outcome}
   * @return false if nothing is known of it any more
   */
  public boolean feedback(Prompt prompt, Outcome.Hit hit, Feedback feedback) {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(hit, "hit");
    Objects.requireNonNull(feedback, "feedback");
    return adapter.map(prompt).feedback(adapter.engine(), hit, feedback);
  }

  /**
   * Takes what the application says of an answer that the cache gave to {@code prompt}.
   *
   * @param options with which it was answered
   * @param hit how it was found: {@link CacheMetadata#of}, or {@link ChatOutcome#outcome}
   * @return false if nothing is known of it any more
   */
  public boolean feedback(
      Prompt prompt, CacheRequestOptions options, Outcome.Hit hit, Feedback feedback) {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(hit, "hit");
    Objects.requireNonNull(feedback, "feedback");
    return adapter.map(prompt, options).feedback(adapter.engine(), hit, feedback);
  }

  /** Returns the delegate's options. In Spring AI 1.1, where models have none, its defaults. */
  @Override
  public ChatOptions getOptions() {
    ChatOptions options = SpringAi.defaultOptions(delegate);
    return options == null ? ChatOptions.builder().build() : options;
  }

  /** Returns the delegate's default options. */
  @Override
  @SuppressWarnings({"deprecation", "removal"}) // Spring AI 1.1 has no other method.
  public ChatOptions getDefaultOptions() {
    return getOptions();
  }

  /** Returns the model that is asked where the cache has no answer. */
  public ChatModel delegate() {
    return delegate;
  }

  @Override
  public String toString() {
    return "CachingChatModel[" + delegate + "]";
  }

  /** Collects the options of a {@link CachingChatModel}. Not safe for use by several threads. */
  public static final class Builder extends CachingBuilder<Builder> {
    private Builder(
        ChatModel delegate, CacheEngine engine, Function<Prompt, @Nullable Scope> scopeFor) {
      super(delegate, engine, scopeFor);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Returns the model. */
    public CachingChatModel build() {
      return new CachingChatModel(model(), adapter());
    }
  }
}
