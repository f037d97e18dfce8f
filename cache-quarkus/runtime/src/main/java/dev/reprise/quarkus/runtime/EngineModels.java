package dev.reprise.quarkus.runtime;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.langchain4j.CachingModelBuilder;
import dev.reprise.langchain4j.CachingStreamingChatModel;
import dev.reprise.model.Scope;
import dev.reprise.policy.Mode;
import dev.reprise.quarkus.CachedModels;
import dev.reprise.quarkus.ScopeResolver;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the application's cache in front of models. */
@Singleton
public class EngineModels implements CachedModels {
  private final RepriseConfig config;
  private final Instance<CacheEngine> engine;
  private final Instance<ScopeResolver> scopes;

  @Inject
  EngineModels(RepriseConfig config, Instance<CacheEngine> engine, Instance<ScopeResolver> scopes) {
    this.config = config;
    this.engine = engine;
    this.scopes = scopes;
  }

  @Override
  public ChatModel cached(String name, ChatModel model) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    if (!isCached(name)) {
      return model;
    }
    CachingChatModel.Builder builder =
        CachingChatModel.builder(model, engine.get()).scopeFor(scopeFor());
    return named(builder, name, model.provider()).build();
  }

  @Override
  public StreamingChatModel cached(String name, StreamingChatModel model) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    if (!isCached(name)) {
      return model;
    }
    CachingStreamingChatModel.Builder builder =
        CachingStreamingChatModel.builder(model, engine.get()).scopeFor(scopeFor());
    return new OffEventLoop(named(builder, name, model.provider()).build());
  }

  private boolean isCached(String name) {
    return config.mode() != Mode.OFF
        && config.models().include().map(included -> included.contains(name)).orElse(true)
        && config.models().exclude().map(excluded -> !excluded.contains(name)).orElse(true);
  }

  /*
   * Two configurations may have the same provider and model name but other addresses, which no request shows. So the name is part
   * of the key, but for the configuration without a name.
   */
  private static <B extends CachingModelBuilder<B>> B named(
      B builder, String name, ModelProvider provider) {
    return name.equals(ModelBeans.DEFAULT_NAME)
        ? builder.provider(provider.name().toLowerCase(Locale.ROOT))
        : builder.provider(provider.name().toLowerCase(Locale.ROOT) + ":" + name);
  }

  private Function<ChatRequest, @Nullable Scope> scopeFor() {
    if (scopes.isResolvable()) {
      ScopeResolver resolver = scopes.get();
      return resolver::scopeFor;
    }
    Scope scope = EngineFactory.checked("scope", () -> Scope.of(config.scope().orElseThrow()));
    return request -> scope;
  }
}
