package dev.reprise.quarkus.runtime;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.reprise.quarkus.CachedModels;
import io.quarkus.arc.Arc;
import io.quarkus.arc.BeanCreator;
import io.quarkus.arc.SyntheticCreationalContext;

/** Creates the bean that takes the place of a {@link StreamingChatModel} bean. */
public final class CachedStreamingChatModelCreator implements BeanCreator<StreamingChatModel> {
  @Override
  public StreamingChatModel create(SyntheticCreationalContext<StreamingChatModel> context) {
    CachedModels models = Arc.requireContainer().instance(CachedModels.class).get();
    return models.cached(
        ModelBeans.name(context), ModelBeans.delegate(StreamingChatModel.class, context));
  }
}
