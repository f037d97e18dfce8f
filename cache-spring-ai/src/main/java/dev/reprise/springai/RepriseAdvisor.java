package dev.reprise.springai;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Served;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.integration.internal.ZeroFirstCall;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;

/**
 * An advisor that answers the requests of one {@code ChatClient} from the cache. It shares its
 * entries with a {@link CachingChatModel} over the same model. Use the model where you can; use the
 * advisor where one client of several is to be cached.
 *
 * <p>Its {@linkplain Builder#order order} puts it last, directly before the model. So everything
 * that other advisors add is in the key: retrieved documents, memory, system texts. An advisor that
 * runs after it changes what the key does not show; do not configure one.
 */
public final class RepriseAdvisor implements CallAdvisor, StreamAdvisor {
  /** The default {@linkplain Builder#order order}: {@value}, directly before the model. */
  public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 1;

  private final ModelAdapter adapter;
  private final int order;

  private RepriseAdvisor(ModelAdapter adapter, int order) {
    this.adapter = adapter;
    this.order = order;
  }

  /**
   * Returns a builder.
   *
   * @param model the client's model; its default options are in the key
   * @param scope who may share the answers
   */
  public static Builder builder(ChatModel model, CacheEngine engine, Scope scope) {
    return new Builder(model, engine, CachingBuilder.fixed(scope));
  }

  /**
   * Returns a builder of an advisor that serves several scopes: see {@link Builder#scopeFor}, which
   * must be set. A request whose scope nobody knows bypasses the cache.
   *
   * @param model the client's model; its default options are in the key
   */
  public static Builder builder(ChatModel model, CacheEngine engine) {
    return new Builder(model, engine, CachingBuilder::unknown);
  }

  @Override
  public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
    Mapping mapping = map(request);
    ZeroFirstCall<Prompt, ChatClientResponse> call =
        adapter.call(
            mapping,
            request.prompt(),
            // A chain can be walked once, and the model may be asked again.
            prompt -> chain.copy(this).nextCall(with(request, prompt)),
            ChatClientResponse::chatResponse);
    OnceReader<ChatResponse> reader = adapter.codec().reader();
    Served<ChatClientResponse> served = mapping.serve(adapter.engine(), call, reader);
    if (served.outcome() instanceof Outcome.Answered answered) {
      return served.own().orElseGet(() -> response(request, reader.reply(answered)));
    }
    throw new NotCachedException((Outcome.Unsatisfied) served.outcome());
  }

  @Override
  public Flux<ChatClientResponse> adviseStream(
      ChatClientRequest request, StreamAdvisorChain chain) {
    // What other advisors put into the context of the model's chunks reaches this caller only.
    Map<String, @Nullable Object> context = new ConcurrentHashMap<>();
    return Streams.stream(
            adapter,
            request.prompt(),
            prompt -> map(request),
            prompt ->
                chain
                    .copy(this)
                    .nextStream(with(request, prompt))
                    .doOnNext(chunk -> remember(context, chunk))
                    .mapNotNull(ChatClientResponse::chatResponse))
        .map(
            chunk -> {
              Map<String, @Nullable Object> all = new HashMap<>(request.context());
              all.putAll(context);
              return new ChatClientResponse(chunk, all);
            });
  }

  private static void remember(Map<String, @Nullable Object> context, ChatClientResponse chunk) {
    chunk
        .context()
        .forEach(
            (name, value) -> {
              if (value != null) {
                context.put(name, value);
              }
            });
  }

  private Mapping map(ChatClientRequest request) {
    ClientContext context;
    try {
      context = ClientContext.of(request);
    } catch (UnmappableException e) {
      return PromptMapper.unmapped(e.getMessage(), CacheRequestOptions.DEFAULT);
    }
    return adapter.map(request.prompt(), context.parameters(), context.documents());
  }

  private static ChatClientRequest with(ChatClientRequest request, Prompt prompt) {
    return request.mutate().prompt(prompt).build();
  }

  private static ChatClientResponse response(ChatClientRequest request, ChatResponse response) {
    return new ChatClientResponse(response, new HashMap<>(request.context()));
  }

  @Override
  public String getName() {
    return "reprise";
  }

  @Override
  public int getOrder() {
    return order;
  }

  /** Collects the options of a {@link RepriseAdvisor}. Not safe for use by several threads. */
  public static final class Builder extends CachingBuilder<Builder> {
    private int order = DEFAULT_ORDER;

    private Builder(
        ChatModel model, CacheEngine engine, Function<Prompt, @Nullable Scope> scopeFor) {
      super(Objects.requireNonNull(model, "model"), engine, scopeFor);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets the advisor's place in the chain: it runs after those with lower values. Default: {@link
     * #DEFAULT_ORDER}. With a lower value the key does not show what later advisors add.
     */
    public Builder order(int order) {
      this.order = order;
      return this;
    }

    /** Returns the advisor. */
    public RepriseAdvisor build() {
      return new RepriseAdvisor(adapter(), order);
    }
  }
}
