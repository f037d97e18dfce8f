package com.example;

import dev.reprise.testing.ScriptedOpenAi;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts the scripted model for a test, and hands it over. Each of its answers is another. */
public class Upstream implements QuarkusTestResourceLifecycleManager {
  private final AtomicInteger answers = new AtomicInteger();
  private ScriptedOpenAi server;

  @Override
  public Map<String, String> start() {
    server = ScriptedOpenAi.answering(body -> "Answer number " + answers.incrementAndGet() + ".");
    return Map.of(
        "quarkus.langchain4j.openai.base-url", server.baseUrl(), "OPENAI_API_KEY", "none");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(server, new TestInjector.MatchesType(ScriptedOpenAi.class));
  }

  @Override
  public void stop() {
    server.close();
  }
}
