package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.UseCase;
import dev.reprise.springai.CachingChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.ClassUtils;

/** Spring AI's chat models. */
final class SpringAiModels implements ModelKind<ChatModel> {
  private static final Set<String> CALLS = Set.of("call", "stream");

  static List<ModelKind<?>> kinds() {
    return List.of(new SpringAiModels());
  }

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
    // The name of the delegate's own class would be that of a proxy.
    String provider = providerOf(bean);
    return CachingChatModel.builder(delegate, engine)
        .scopeFor(prompt -> options.scope().get())
        .optionsFor(prompt -> options(options))
        .provider(options.name() == null ? provider : provider + "/" + options.name())
        .build();
  }

  /** Returns a name that is the same in every process. */
  private static String providerOf(Object bean) {
    String name = ClassUtils.getUserClass(bean).getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : name.substring(0, lambda);
  }

  /** The scope, resolved once, and its tag, so that all answers of a tenant can be removed. */
  private static CacheRequestOptions options(Options options) {
    CacheRequestOptions request = CacheRequestOptions.DEFAULT;
    if (options.useCase() != null) {
      request = request.with(new UseCase(options.useCase()));
    }
    Scope scope = options.scope().get();
    return scope == null
        ? request
        : request.with(scope).with(CacheControl.DEFAULT.with(Tag.scope(scope)));
  }

  @Override
  public boolean isExplainable() {
    return true;
  }

  @Override
  public LookupExplanation explain(Object caching, @Nullable String system, String question) {
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(new SystemMessage(system));
    }
    messages.add(new UserMessage(question));
    return ((CachingChatModel) caching).explain(new Prompt(messages));
  }
}
