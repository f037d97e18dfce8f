package dev.reprise.quarkus.it;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Starts the scripted model for a test, and hands it over. */
public class Upstream implements QuarkusTestResourceLifecycleManager {
  private ScriptedOpenAi server;

  @Override
  public Map<String, String> start() {
    server = new ScriptedOpenAi();
    return Map.of("quarkus.langchain4j.openai.base-url", server.baseUrl());
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
