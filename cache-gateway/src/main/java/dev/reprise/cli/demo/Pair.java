package dev.reprise.cli.demo;

import dev.reprise.model.Document;
import dev.reprise.model.UseCase;
import java.util.List;

/**
 * Two questions that mean the same and share hardly a word: what a cosine alone does not see.
 *
 * @param first what became of the first question
 * @param second what became of the second, asked behind it
 * @param comparison what the matcher says to the two
 */
record Pair(Asked first, Asked second, DemoCache.Comparison comparison) {
  static final String FIRST = "What is Retrieval-Augmented Generation?";
  static final String SECOND = "Can you explain RAG in AI?";

  /** The label of both. */
  static final String LABEL = "retrieval-augmented-generation";

  /** The answer of the simulated model to both. */
  static final String ANSWER =
      "Retrieval-Augmented Generation (RAG) is a technique in AI in which a model answers from"
          + " documents that were looked up for the question.";

  /** Asks both. */
  static Pair ask(DemoCache cache, int number) {
    DemoQuestion first = question(number, FIRST);
    DemoQuestion second = question(number + 1, SECOND);
    Asked firstAsked = new Asked(first, cache.ask(first));
    DemoCache.Comparison comparison = cache.compare(second, FIRST);
    return new Pair(firstAsked, new Asked(second, cache.ask(second)), comparison);
  }

  private static DemoQuestion question(int number, String text) {
    List<Document> none = List.of();
    return new DemoQuestion(
        number, text, new DemoQuestion.Label.Known(LABEL), UseCase.QUESTION, none, 0, "");
  }
}
