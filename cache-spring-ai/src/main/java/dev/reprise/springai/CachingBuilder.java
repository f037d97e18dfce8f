package dev.reprise.springai;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.HitUsage;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.model.internal.Checks;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Collects what the caching model and the advisor both have as options. Not safe for use by several
 * threads.
 *
 * @param <B> the builder itself
 */
public abstract sealed class CachingBuilder<B extends CachingBuilder<B>>
    permits CachingChatModel.Builder, RepriseAdvisor.Builder {
  private final ChatModel model;
  private final CacheEngine engine;
  private Function<Prompt, @Nullable Scope> scopeFor;
  private CacheRequestOptions options = CacheRequestOptions.DEFAULT;
  private @Nullable Function<Prompt, CacheRequestOptions> optionsFor;
  private String provider = "";
  private String modelName = "";
  private ObjectMappings objectMappings = ObjectMappings.defaults();
  private @Nullable Completion whenFinishReasonIsMissing;
  private HitUsage usageOnHit = HitUsage.ORIGINAL;

  CachingBuilder(ChatModel model, CacheEngine engine, Function<Prompt, @Nullable Scope> scopeFor) {
    this.model = Objects.requireNonNull(model, "model");
    this.engine = Objects.requireNonNull(engine, "engine");
    this.scopeFor = scopeFor;
  }

  abstract B self();

  /** The function of a builder that was given one scope. */
  static Function<Prompt, @Nullable Scope> fixed(Scope scope) {
    Objects.requireNonNull(scope, "scope");
    return prompt -> scope;
  }

  /** The function of a builder that was given none. */
  static @Nullable Scope unknown(Prompt prompt) {
    return null;
  }

  /**
   * Sets the function that returns who may share the answer to each prompt: for one model that
   * serves several tenants. It replaces the scope that the builder was given.
   *
   * <p>An awaited call runs the function on the caller's thread. A stream runs it on the
   * subscriber's thread. There, Reactor restores the thread-locals that your application registers
   * with context-propagation. Where the function returns null or throws, the request bypasses the
   * cache ({@link dev.reprise.model.Reason.Code#NO_SCOPE}, {@code UNMAPPABLE}).
   */
  public B scopeFor(Function<Prompt, @Nullable Scope> scopeFor) {
    this.scopeFor = Objects.requireNonNull(scopeFor, "scopeFor");
    return self();
  }

  /** Sets which token usage a response from the cache has. Default: {@link HitUsage#ORIGINAL}. */
  public B usageOnHit(HitUsage usage) {
    this.usageOnHit = Objects.requireNonNull(usage, "usage");
    return self();
  }

  /** Sets what requests are for. Default: {@link UseCase#QUESTION}. */
  public B useCase(UseCase useCase) {
    options = options.with(Objects.requireNonNull(useCase, "useCase"));
    return self();
  }

  /** Sets what requests ask of the cache. Default: {@link CacheControl#DEFAULT}. */
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
   * Sets the function that returns the options of each prompt. It replaces {@link #useCase}, {@link
   * #control} and {@link #documents}. Where it throws, the request bypasses the cache.
   */
  public B optionsFor(Function<Prompt, CacheRequestOptions> optionsFor) {
    this.optionsFor = Objects.requireNonNull(optionsFor, "optionsFor");
    return self();
  }

  /**
   * Sets the name of the model's provider in keys. Default: the name of the model's class. Set it
   * where two models share a scope and differ in what no option shows: their address, their
   * headers.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public B provider(String provider) {
    this.provider = Checks.notBlank("provider", Objects.requireNonNull(provider, "provider"));
    return self();
  }

  /**
   * Sets the model's name in keys and for prices. Default: the one in the options in force.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public B modelName(String modelName) {
    this.modelName = Checks.notBlank("modelName", Objects.requireNonNull(modelName, "modelName"));
    return self();
  }

  /**
   * Sets how the objects in chat options are mapped into the key. Default: {@link
   * ObjectMappings#defaults}.
   */
  public B objectMappings(ObjectMappings mappings) {
    this.objectMappings = Objects.requireNonNull(mappings, "mappings");
    return self();
  }

  /**
   * Sets how a response ended for which the model gives no finish reason. Default: {@link
   * Completion#COMPLETE} for awaited answers, {@link Completion#OTHER} for streams, which may have
   * been cut off.
   */
  public B whenFinishReasonIsMissing(Completion completion) {
    this.whenFinishReasonIsMissing = Objects.requireNonNull(completion, "completion");
    return self();
  }

  ChatModel model() {
    return model;
  }

  ModelAdapter adapter() {
    CacheRequestOptions fixed = options;
    Function<Prompt, CacheRequestOptions> each = optionsFor;
    Completion missing = whenFinishReasonIsMissing;
    return new ModelAdapter(
        engine,
        model,
        new PromptMapper(
            scopeFor,
            provider.isEmpty() ? Models.name(model) : provider,
            modelName,
            objectMappings),
        new ChatResponseCodec(missing == null ? Completion.COMPLETE : missing, usageOnHit),
        new ChatResponseCodec(missing == null ? Completion.OTHER : missing, usageOnHit),
        each == null ? prompt -> fixed : each);
  }
}
