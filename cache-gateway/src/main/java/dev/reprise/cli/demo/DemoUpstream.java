package dev.reprise.cli.demo;

import dev.langchain4j.model.chat.ChatModel;

/** Where answers come from that the cache does not have. */
public interface DemoUpstream {
  /** Returns the model that answers {@code question}. */
  ChatModel modelFor(DemoQuestion question);

  /** Returns what it is, in one line for people. */
  String description();

  /** Returns how its measured time relates to a real model's. */
  Pace pace();

  /** How measured time relates to a real model's. */
  sealed interface Pace {
    /** It is a real model's time. */
    record Real() implements Pace {}

    /**
     * A real model would have taken about {@code factor} times as long.
     *
     * @param factor more than 1
     */
    record Faster(int factor) implements Pace {}
  }
}
