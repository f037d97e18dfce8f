package dev.reprise.quarkus.runtime;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.quarkus.CachedModels;
import io.quarkus.arc.Arc;
import io.quarkus.arc.BeanCreator;
import io.quarkus.arc.SyntheticCreationalContext;

/** Creates the bean that takes the place of a {@link ChatModel} bean. */
public final class CachedChatModelCreator implements BeanCreator<ChatModel> {
  @Override
  public ChatModel create(SyntheticCreationalContext<ChatModel> context) {
    CachedModels models = Arc.requireContainer().instance(CachedModels.class).get();
    return models.cached(ModelBeans.name(context), ModelBeans.delegate(ChatModel.class, context));
  }
}
