package dev.reprise.spring.boot;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.langchain4j.CachingModelBuilder;
import dev.reprise.langchain4j.CachingStreamingChatModel;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.UseCase;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** LangChain4j's chat models. */
final class LangChain4jModels {
  private static final Set<String> CALLS = Set.of("chat", "doChat");

  private LangChain4jModels() {}

  static List<ModelKind<?>> kinds() {
    return List.of(new Awaited(), new Streaming());
  }

  private static <B extends CachingModelBuilder<B>> B with(
      B builder, ModelProvider provider, ModelKind.Options options) {
    builder.scopeFor(request -> options.scope().get());
    builder.optionsFor(request -> options(options));
    return options.name() == null
        ? builder
        : builder.provider(provider.name().toLowerCase(Locale.ROOT) + "/" + options.name());
  }

  /** The scope, resolved once, and its tag, so that all answers of a tenant can be removed. */
  private static CacheRequestOptions options(ModelKind.Options options) {
    CacheRequestOptions request = CacheRequestOptions.DEFAULT;
    if (options.useCase() != null) {
      request = request.with(new UseCase(options.useCase()));
    }
    Scope scope = options.scope().get();
    return scope == null
        ? request
        : request.with(scope).with(CacheControl.DEFAULT.with(Tag.scope(scope)));
  }

  private static final class Awaited implements ModelKind<ChatModel> {
    @Override
    public Class<ChatModel> type() {
      return ChatModel.class;
    }

    @Override
    public Set<String> calls() {
      return CALLS;
    }

    @Override
    public boolean isCachingClass(Class<?> type) {
      return CachingChatModel.class.isAssignableFrom(type);
    }

    @Override
    public ChatModel caching(ChatModel delegate, Object bean, CacheEngine engine, Options options) {
      return with(CachingChatModel.builder(delegate, engine), delegate.provider(), options).build();
    }

    @Override
    public boolean isExplainable() {
      return true;
    }

    @Override
    public LookupExplanation explain(Object caching, @Nullable String system, String question) {
      List<ChatMessage> messages = new ArrayList<>();
      if (system != null) {
        messages.add(SystemMessage.from(system));
      }
      messages.add(UserMessage.from(question));
      return ((CachingChatModel) caching).explain(ChatRequest.builder().messages(messages).build());
    }
  }

  private static final class Streaming implements ModelKind<StreamingChatModel> {
    @Override
    public Class<StreamingChatModel> type() {
      return StreamingChatModel.class;
    }

    @Override
    public Set<String> calls() {
      return CALLS;
    }

    @Override
    public boolean isCachingClass(Class<?> type) {
      return CachingStreamingChatModel.class.isAssignableFrom(type);
    }

    @Override
    public StreamingChatModel caching(
        StreamingChatModel delegate, Object bean, CacheEngine engine, Options options) {
      return with(CachingStreamingChatModel.builder(delegate, engine), delegate.provider(), options)
          .build();
    }

    @Override
    public boolean isCalledBack(Method method) {
      return method.getReturnType() == void.class;
    }

    @Override
    public void fail(@Nullable Object[] arguments, Throwable failure) {
      for (Object argument : arguments) {
        if (argument instanceof StreamingChatResponseHandler handler) {
          handler.onError(failure);
        }
      }
    }

    @Override
    public boolean isExplainable() {
      return false;
    }

    @Override
    public @Nullable LookupExplanation explain(
        Object caching, @Nullable String system, String question) {
      return null;
    }
  }
}
