package dev.reprise.quarkus.it;

import io.quarkiverse.langchain4j.RegisterAiService;

/** An AI service over a named model. */
@RegisterAiService(modelName = "second")
public interface SecondAssistant {
  /** Answers in text. */
  String answer(String question);
}
