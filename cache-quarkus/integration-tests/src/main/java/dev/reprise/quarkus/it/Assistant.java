package dev.reprise.quarkus.it;

import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.UserMessage;
import io.quarkiverse.langchain4j.RegisterAiService;
import io.quarkiverse.langchain4j.ToolBox;
import io.smallrye.mutiny.Multi;

/** An AI service with a plain answer, a stream, an object and a tool. */
@RegisterAiService
@SystemMessage("You answer customers' questions in two sentences.")
public interface Assistant {
  /** Answers in text. */
  String answer(String question);

  /** Answers in pieces. */
  Multi<String> stream(String question);

  /** Answers with an object. */
  @UserMessage("Extract the person from: {text}")
  Person person(String text);

  /** Answers with the help of a tool. */
  @ToolBox(Clock.class)
  String withTool(String question);

  /**
   * A person.
   *
   * @param name the full name
   * @param age in years
   */
  record Person(String name, int age) {}
}
