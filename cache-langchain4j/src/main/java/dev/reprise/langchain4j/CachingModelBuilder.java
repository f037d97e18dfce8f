package dev.reprise.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.HitUsage;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.model.internal.Checks;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects what both cached chat models have as options. Not safe for use by several threads.
 *
 * @param <B> the builder itself
 */
public abstract sealed class CachingModelBuilder<B extends CachingModelBuilder<B>>
    permits CachingChatModel.Builder, CachingStreamingChatModel.Builder {
  private final CacheEngine engine;
  private Function<ChatRequest, @Nullable Scope> scopeFor;
  private final Class<?> delegate;
  private final ModelProvider delegateProvider;
  private CacheRequestOptions options = CacheRequestOptions.DEFAULT;
  private @Nullable Function<ChatRequest, CacheRequestOptions> optionsFor;
  private String provider = "";
  private String modelName = "";
  private ParametersMappers parametersMappers = ParametersMappers.defaults();
  private Completion whenFinishReasonIsMissing;
  private HitUsage usageOnHit = HitUsage.ORIGINAL;

  CachingModelBuilder(
      CacheEngine engine,
      Function<ChatRequest, @Nullable Scope> scopeFor,
      Class<?> delegate,
      @Nullable ModelProvider delegateProvider,
      Completion whenFinishReasonIsMissing) {
    this.engine = Objects.requireNonNull(engine, "engine");
    this.scopeFor = scopeFor;
    this.delegate = delegate;
    // A model that a test mocks tells none.
    this.delegateProvider = Objects.requireNonNullElse(delegateProvider, ModelProvider.OTHER);
    this.whenFinishReasonIsMissing = whenFinishReasonIsMissing;
  }

  abstract B self();

  /** The function of a builder that was given one scope. */
  static Function<ChatRequest, @Nullable Scope> fixed(Scope scope) {
    Objects.requireNonNull(scope, "scope");
    return request -> scope;
  }

  /** The function of a builder that was given none. */
  static @Nullable Scope unknown(ChatRequest request) {
    return null;
  }

  /**
   * Sets the scope of each request by a function, instead of one scope: for a model that serves
   * several tenants. It is called on the caller's thread. The request has the delegate's defaults
   * merged in. If the function returns null or throws, the request bypasses the cache ({@link
   * dev.reprise.model.Reason.Code#NO_SCOPE}).
   */
  public B scopeFor(Function<ChatRequest, @Nullable Scope> scopeFor) {
    this.scopeFor = Objects.requireNonNull(scopeFor, "scopeFor");
    return self();
  }

  /** Sets the token usage of a response from the cache. Default: {@link HitUsage#ORIGINAL}. */
  public B usageOnHit(HitUsage usage) {
    this.usageOnHit = Objects.requireNonNull(usage, "usage");
    return self();
  }

  /** Sets the use case of requests. Default: {@link UseCase#QUESTION}. */
  public B useCase(UseCase useCase) {
    options = options.with(Objects.requireNonNull(useCase, "useCase"));
    return self();
  }

  /** Sets the cache control of requests. Default: {@link CacheControl#DEFAULT}. */
  public B control(CacheControl control) {
    options = options.with(Objects.requireNonNull(control, "control"));
    return self();
  }

  /** Sets the versions of the documents that prompts are made from. Default: none. */
  public B documents(List<Document> documents) {
    options =
        new CacheRequestOptions(
            options.useCase(), options.control(), Objects.requireNonNull(documents, "documents"));
    return self();
  }

  /**
   * Sets the options of each request by a function, instead of {@link #useCase}, {@link #control}
   * and {@link #documents}: for callers such as AiServices that cannot pass options. The request
   * has the delegate's defaults merged in. If the function throws, the request bypasses the cache.
   */
  public B optionsFor(Function<ChatRequest, CacheRequestOptions> optionsFor) {
    this.optionsFor = Objects.requireNonNull(optionsFor, "optionsFor");
    return self();
  }

  /**
   * Sets the delegate's name in keys. Default: its {@link ModelProvider}, in lower case. Set it if
   * two delegates share a scope and differ in something that no request shows (address, headers). A
   * model of your own that tells neither a provider nor a model's name is named by its class: two
   * objects of that class share answers.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public B provider(String provider) {
    this.provider = Checks.notBlank("provider", Objects.requireNonNull(provider, "provider"));
    return self();
  }

  /**
   * Sets the model's name in keys and for prices. Default: the request's own, the delegate's
   * default included. Models of some providers (Vertex AI Gemini) keep their name to themselves:
   * without this option their requests bypass the cache, unless {@link #provider} is set.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public B modelName(String modelName) {
    this.modelName = Checks.notBlank("modelName", Objects.requireNonNull(modelName, "modelName"));
    return self();
  }

  /**
   * Sets how the parameters of a provider are mapped into the key. Default: {@link
   * ParametersMappers#defaults}.
   */
  public B parametersMappers(ParametersMappers mappers) {
    this.parametersMappers = Objects.requireNonNull(mappers, "mappers");
    return self();
  }

  /**
   * Sets the completion of a response without a finish reason. Default: {@link Completion#COMPLETE}
   * for awaited answers; {@link Completion#OTHER}, which is not stored, for streams, since a stream
   * that broke off looks the same.
   */
  public B whenFinishReasonIsMissing(Completion completion) {
    this.whenFinishReasonIsMissing = Objects.requireNonNull(completion, "completion");
    return self();
  }

  /** What names the provider of a request that names no model; empty where that is not enough. */
  private String nameless() {
    if (!provider.isEmpty()) {
      return provider;
    }
    // A proxy's class has another name in each process.
    return delegateProvider == ModelProvider.OTHER
        ? "other" + (Proxy.isProxyClass(delegate) ? "" : " " + delegate.getName())
        : "";
  }

  ModelAdapter adapter() {
    CacheRequestOptions fixed = options;
    Function<ChatRequest, CacheRequestOptions> each = optionsFor;
    return new ModelAdapter(
        engine,
        new ChatRequestMapper(
            scopeFor,
            provider.isEmpty() ? delegateProvider.name().toLowerCase(Locale.ROOT) : provider,
            modelName,
            nameless(),
            parametersMappers),
        new ChatResponseCodec(whenFinishReasonIsMissing, usageOnHit),
        each == null ? request -> fixed : each);
  }
}
