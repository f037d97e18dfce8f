package dev.reprise.langchain4j;

import dev.reprise.policy.UpstreamTemperature;

/**
 * A whole chain: it embeds, retrieves, calls models. Must be safe for use by several threads.
 *
 * @param <T> the type of its answers
 */
@FunctionalInterface
public interface Chain<T> {
  /**
   * Answers {@code question}, and returns the documents it used. Its exceptions reach the caller
   * unchanged.
   */
  ChainResult<T> run(ChainQuestion question);

  /**
   * Answers {@code question} with models at {@code temperature}: with {@link
   * UpstreamTemperature#ZERO} at temperature 0. The cache calls this method. Default: {@link
   * #run(ChainQuestion)}, with the chain's own temperature.
   */
  default ChainResult<T> run(ChainQuestion question, UpstreamTemperature temperature) {
    return run(question);
  }
}
