package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import dev.reprise.testing.NullArguments;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Null is refused at once, and the parameter is named. */
class NullArgumentsTest {
  private static final ChatModel MODEL = new ChatModel() {};
  private static final StreamingChatModel STREAMING = new StreamingChatModel() {};

  private final CacheEngine engine = CacheEngine.builder().build();
  private final Scope scope = Scope.of("shop");

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void theModelsRefuseIt() {
    NullArguments.areRefusedBy(CachingChatModel.class, "builder", MODEL, engine, scope);
    NullArguments.areRefusedBy(CachingChatModel.builder(MODEL, engine, scope));
    NullArguments.areRefusedBy(
        CachingStreamingChatModel.class, "builder", STREAMING, engine, scope);
    NullArguments.areRefusedBy(CachingStreamingChatModel.builder(STREAMING, engine, scope));
  }

  @Test
  void theChainRefusesIt() {
    Chain<String> chain = question -> ChainResult.of("answer", Set.of());
    NullArguments.areRefusedBy(
        CachingChain.class, "builder", chain, engine, scope, ChainCodec.text());
    NullArguments.areRefusedBy(CachingChain.builder(chain, engine, scope));
  }
}
