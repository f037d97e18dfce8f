package dev.reprise.langchain4j;

/**
 * What answers a question from beginning to end: it embeds, retrieves, asks models. Safe for use by
 * several threads.
 *
 * @param <T> what it answers with
 */
@FunctionalInterface
public interface Chain<T> {
  /**
   * Answers {@code question}, and tells which documents it used. What it throws reaches the caller
   * as it is.
   */
  ChainResult<T> run(ChainQuestion question);
}
