package dev.reprise.cli.demo;

import dev.reprise.model.Document;
import dev.reprise.model.UseCase;
import java.util.List;

/**
 * One question of the stream that the demo asks.
 *
 * @param number its place in the stream, 1 for the first
 * @param text what is asked
 * @param label which answer is right
 * @param useCase what it is for
 * @param documents the versions of the documents that it is about
 * @param temperature the sampling temperature of its call, 0 to 2
 * @param system the system prompt of its call, empty where it has none
 */
public record DemoQuestion(
    int number,
    String text,
    Label label,
    UseCase useCase,
    List<Document> documents,
    double temperature,
    String system) {

  public DemoQuestion {
    documents = List.copyOf(documents);
  }

  /** Returns a question without label, documents and system prompt, at temperature 0. */
  static DemoQuestion plain(int number, String text) {
    return new DemoQuestion(number, text, new Label.Unknown(), UseCase.QUESTION, List.of(), 0, "");
  }

  /** Which answer is right. */
  public sealed interface Label {

    /**
     * Two questions with the same name have the same right answer.
     *
     * @param name the name of the answer
     */
    record Known(String name) implements Label {}

    /** Nobody said. */
    record Unknown() implements Label {}
  }
}
