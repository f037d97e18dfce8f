package dev.reprise.tier;

import java.util.function.Consumer;

/**
 * Records that every process which shares a tier reads, whoever wrote them. They outlive the
 * processes.
 */
public interface SharedLog {
  /**
   * Appends a record. When it returns, the server has it, and every other process reads it within a
   * second.
   *
   * @throws TierException if the server did not take it
   */
  void append(String record);

  /**
   * Gives {@code reader} every record that there is, the oldest first, and then each one that is
   * appended, by whomever, those of this process included. What is there already is read before
   * this returns, where the server answers; else as soon as it does.
   *
   * @param reader is called by one thread at a time
   */
  void follow(Consumer<String> reader);
}
