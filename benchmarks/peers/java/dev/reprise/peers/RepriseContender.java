package dev.reprise.peers;

import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import dev.reprise.springai.CachingChatModel;
import org.springframework.ai.chat.prompt.Prompt;

/** Reprise, through its Spring AI model. Each pair has a scope of its own. */
final class RepriseContender implements Contender {
  private final CacheEngine engine = EmbeddedCache.builder().build();

  @Override
  public String name() {
    return "Reprise 0.2.0-SNAPSHOT";
  }

  @Override
  public boolean hits(int pair, String cached, String query) {
    CachingChatModel model =
        CachingChatModel.builder(new EchoModel(), engine, Scope.of("pair-" + pair)).build();
    model.answer(new Prompt(cached));
    return model.answer(new Prompt(query)).wasCached();
  }

  @Override
  public void close() {
    engine.close();
  }
}
