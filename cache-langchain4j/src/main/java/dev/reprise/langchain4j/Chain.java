package dev.reprise.langchain4j;

import dev.reprise.policy.UpstreamTemperature;

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

  /**
   * Answers {@code question} with models at {@code temperature}: with {@link
   * UpstreamTemperature#ZERO} they are to be asked at temperature 0. The cache calls this method.
   * Default: {@link #run(ChainQuestion)}, so that the models have the temperature that the chain
   * gives them.
   */
  default ChainResult<T> run(ChainQuestion question, UpstreamTemperature temperature) {
    return run(question);
  }
}
