package dev.reprise.langchain4j;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Reply;
import dev.reprise.engine.Served;
import dev.reprise.engine.Upstream;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.internal.Checks;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * The key of a chain's answer has the question and what the caller says beside it, and not the documents: they are not known
 * before retrieval, which is just what a hit saves. So the entry carries the documents that the chain used, and is served only
 * while each of them is current.
 */
/**
 * A chain behind the cache. A hit needs no embedding, retrieval or model call. Safe for use by
 * several threads if the chain is.
 *
 * <p>An answer is served only while all its documents are current. {@link
 * dev.reprise.engine.DocumentVersions} is asked at each hit, and {@link
 * CacheEngine#invalidateDocument} removes the answers of a document. A new document does not change
 * cached answers, even if a question would now retrieve it. If that matters, raise the chain's
 * version with the corpus, or choose a short time to live.
 *
 * @param <T> the type of the chain's answers
 */
public final class CachingChain<T> {
  private static final String PROVIDER = "chain";

  private final Chain<T> chain;
  private final CacheEngine engine;
  private final Function<ChainQuestion, @Nullable Scope> scopeFor;
  private final String id;
  private final String version;
  private final String modelName;
  private final OptionalDouble temperature;
  private final ChainCodec<T> codec;

  private CachingChain(Builder<T> builder) {
    this.chain = builder.chain;
    this.engine = builder.engine;
    this.scopeFor = builder.scopeFor;
    this.id = builder.id;
    this.version = builder.version;
    this.modelName = builder.modelName;
    this.temperature = builder.temperature;
    this.codec = builder.codec;
  }

  /**
   * Returns a builder for a chain that answers with texts.
   *
   * @param chain runs if the cache has no answer
   * @param scope who may share the answers
   */
  public static Builder<String> builder(Chain<String> chain, CacheEngine engine, Scope scope) {
    return new Builder<>(chain, engine, fixed(scope), ChainCodec.text());
  }

  /**
   * Returns a builder for a chain that answers with texts, and whose questions each have their own
   * scope: {@link Builder#scopeFor}. Without it every question bypasses the cache.
   *
   * @param chain runs if the cache has no answer
   */
  public static Builder<String> builder(Chain<String> chain, CacheEngine engine) {
    return new Builder<>(chain, engine, question -> null, ChainCodec.text());
  }

  /**
   * Returns a builder for a chain that answers with objects.
   *
   * @param chain runs if the cache has no answer
   * @param scope who may share the answers
   * @param codec encodes the answers
   */
  public static <T> Builder<T> builder(
      Chain<T> chain, CacheEngine engine, Scope scope, ChainCodec<T> codec) {
    return new Builder<>(chain, engine, fixed(scope), codec);
  }

  /**
   * Returns a builder for a chain that answers with objects and serves several scopes: see {@link
   * Builder#scopeFor}. Without it every question bypasses the cache.
   *
   * @param chain runs if the cache has no answer
   * @param codec encodes the answers
   */
  public static <T> Builder<T> builder(Chain<T> chain, CacheEngine engine, ChainCodec<T> codec) {
    return new Builder<>(chain, engine, question -> null, codec);
  }

  private static Function<ChainQuestion, @Nullable Scope> fixed(Scope scope) {
    Objects.requireNonNull(scope, "scope");
    return question -> scope;
  }

  /**
   * Answers {@link ChainQuestion#of} the text.
   *
   * @throws NotCachedException if only a cached answer was asked for, and there is none
   */
  public ChainOutcome<T> ask(String question) {
    return ask(ChainQuestion.of(question));
  }

  /**
   * Answers {@code question}, and tells how.
   *
   * @throws NotCachedException if only a cached answer was asked for, and there is none
   */
  public ChainOutcome<T> ask(ChainQuestion question) {
    Objects.requireNonNull(question, "question");
    OnceReader<T> reader = OnceReader.of(this::read);
    Served<T> served = serve(question, reader);
    if (served.outcome() instanceof Outcome.Answered answered) {
      return new ChainOutcome<>(served.own().orElseGet(() -> reader.reply(answered)), answered);
    }
    throw new NotCachedException((Outcome.Unsatisfied) served.outcome());
  }

  private Served<T> serve(ChainQuestion question, OnceReader<T> reader) {
    Scope scope;
    try {
      scope = scopeFor.apply(question);
    } catch (RuntimeException | LinkageError e) {
      return bypass(
          question, "the function given as scopeFor failed with " + e.getClass().getName());
    }
    return scope == null
        ? bypass(question, "the function given as scopeFor knows no scope for the question")
        : engine.serve(request(question, scope), new Run(question), reader);
  }

  private Served<T> bypass(ChainQuestion question, String why) {
    return engine.bypass(
        new Reason(Reason.Code.NO_SCOPE, why), question.control(), new Run(question));
  }

  private CacheRequest request(ChainQuestion question, Scope scope) {
    CacheRequest.Builder request = CacheRequest.builder(scope);
    temperature.ifPresent(request::temperature);
    return request
        .provider(PROVIDER)
        .model(modelName)
        .user(question.text())
        .parameter("chain", id)
        .parameter("version", version)
        .parameter("inputs", question.inputs().values())
        .useCase(question.useCase())
        .control(question.control())
        .answerFormat("chain/1 " + codec.format())
        .build();
  }

  private Reply<T> run(ChainQuestion question, UpstreamTemperature temperature) {
    ChainResult<T> result =
        Objects.requireNonNull(
            chain.run(question, temperature), "the chain returned null in place of a result");
    String payload;
    Completion completion = result.completion();
    try {
      payload = codec.encode(result.answer());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // The caller gets the answer all the same.
      payload = "";
      completion = Completion.OTHER;
    }
    return new Reply<>(
        new Answer(payload, payload, completion, result.usage(), result.documents()),
        result.answer());
  }

  /** One question's run of the chain, if it is run. */
  private final class Run implements Upstream<T, RuntimeException> {
    private final ChainQuestion question;

    Run(ChainQuestion question) {
      this.question = question;
    }

    @Override
    public Reply<T> call() {
      return run(question, UpstreamTemperature.AS_REQUESTED);
    }

    @Override
    public Reply<T> call(UpstreamTemperature temperature) {
      return run(question, temperature);
    }
  }

  /** Reads a payload. */
  private Function<Outcome.Answered, T> read(String payload) {
    if (payload.isEmpty()) {
      throw new CacheException("a chain's answer has no payload");
    }
    T value = codec.decode(payload);
    return outcome -> value;
  }

  /**
   * Collects the options of a {@link CachingChain}. Not safe for use by several threads.
   *
   * @param <T> the type of the chain's answers
   */
  public static final class Builder<T> {
    private final Chain<T> chain;
    private final CacheEngine engine;
    private Function<ChainQuestion, @Nullable Scope> scopeFor;
    private final ChainCodec<T> codec;
    private String id = "";
    private String version = "";
    private String modelName = "";
    private OptionalDouble temperature = OptionalDouble.empty();

    private Builder(
        Chain<T> chain,
        CacheEngine engine,
        Function<ChainQuestion, @Nullable Scope> scopeFor,
        ChainCodec<T> codec) {
      this.chain = Objects.requireNonNull(chain, "chain");
      this.engine = Objects.requireNonNull(engine, "engine");
      this.scopeFor = scopeFor;
      this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * Sets the scope of each question by a function, instead of one scope: for a chain that serves
     * several tenants. It is called on the caller's thread. If it returns null or throws, the
     * question bypasses the cache ({@link Reason.Code#NO_SCOPE}).
     */
    public Builder<T> scopeFor(Function<ChainQuestion, @Nullable Scope> scopeFor) {
      this.scopeFor = Objects.requireNonNull(scopeFor, "scopeFor");
      return this;
    }

    /**
     * Sets the chain's name in keys. Required.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Builder<T> id(String id) {
      this.id = Checks.notBlank("id", Objects.requireNonNull(id, "id"));
      return this;
    }

    /**
     * Sets the chain's version. Change it with everything that changes answers: prompts, models,
     * retrieval settings. Required.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Builder<T> version(String version) {
      this.version = Checks.notBlank("version", Objects.requireNonNull(version, "version"));
      return this;
    }

    /**
     * Sets the model, for prices; part of the key. Default: none.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Builder<T> modelName(String modelName) {
      this.modelName = Checks.notBlank("modelName", Objects.requireNonNull(modelName, "modelName"));
      return this;
    }

    /**
     * Sets the sampling temperature of the chain's models, for the policy; part of the key.
     * Default: unset. The policy then decides as for a chat model ({@link
     * dev.reprise.model.UnsetTemperature}), and passes the result to {@link
     * Chain#run(ChainQuestion, UpstreamTemperature)}.
     *
     * @param temperature from 0 to 2
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder<T> temperature(double temperature) {
      this.temperature = OptionalDouble.of(Checks.inRange("temperature", temperature, 0, 2));
      return this;
    }

    /**
     * Returns the chain.
     *
     * @throws CacheException if {@link #id} or {@link #version} is not set
     */
    public CachingChain<T> build() {
      if (id.isEmpty() || version.isEmpty()) {
        throw new CacheException("a cached chain needs an id and a version");
      }
      return new CachingChain<>(this);
    }
  }
}
