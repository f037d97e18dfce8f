package dev.reprise.cli.demo;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.reprise.cli.demo.DemoQuestion.Label;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/**
 * A stand-in for a language model: it knows the right answer by the question's label, and takes its
 * time before it gives it. The same seed gives the same answers and the same times, in whatever
 * order and on however many threads it is asked.
 *
 * <p>Times are drawn from a log-normal distribution (median 90 ms, shape 0.5), cut at 40 and 250
 * ms: a real model's 1 to 5 seconds, {@value #FASTER} times faster.
 */
final class SimulatedUpstream implements DemoUpstream {
  /** How many times faster than a real model it is: {@value}. */
  static final int FASTER = 20;

  static final Duration SHORTEST = Duration.ofMillis(40);
  static final Duration LONGEST = Duration.ofMillis(250);

  private static final double MEDIAN_MILLIS = 90;
  private static final double SHAPE = 0.5;
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** Lets time pass. */
  @FunctionalInterface
  public interface Sleeper {
    /** Returns when {@code duration} is over. */
    void sleep(Duration duration) throws InterruptedException;
  }

  private final Answers answers;
  private final long seed;
  private final Sleeper sleeper;

  SimulatedUpstream(Answers answers, long seed, Sleeper sleeper) {
    this.answers = answers;
    this.seed = seed;
    this.sleeper = sleeper;
  }

  @Override
  public ChatModel modelFor(DemoQuestion question) {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        return answer(question);
      }
    };
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "SIMULATED: ready-made answers after %d to %d ms; no model is called",
        SHORTEST.toMillis(),
        LONGEST.toMillis());
  }

  @Override
  public Pace pace() {
    return new Pace.Faster(FASTER);
  }

  /** Returns how long it takes to answer {@code question}. */
  Duration latency(DemoQuestion question) {
    Random random = new Random(seed * 1_000_003 + question.number());
    random.nextLong(); // the first draw of neighbouring seeds is alike
    double millis = MEDIAN_MILLIS * Math.exp(SHAPE * random.nextGaussian());
    Duration drawn = Duration.ofNanos(Math.round(millis * 1_000_000));
    if (drawn.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return drawn.compareTo(LONGEST) > 0 ? LONGEST : drawn;
  }

  /** Returns what it says to {@code question}. */
  String text(DemoQuestion question) {
    if (question.label() instanceof Label.Known known) {
      String text = answers.text(known.name()).orElse("Simulated answer \"" + known.name() + "\".");
      return answers.changes(known.name())
          ? text + " (As of question " + question.number() + ".)"
          : text;
    }
    return "Simulated answer to: " + question.text();
  }

  private ChatResponse answer(DemoQuestion question) {
    try {
      sleeper.sleep(latency(question));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the simulated model was answering", e);
    }
    String text = text(question);
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(text))
        .modelName("simulated")
        .tokenUsage(
            new TokenUsage(tokens(question.system()) + tokens(question.text()), tokens(text)))
        .finishReason(FinishReason.STOP)
        .build();
  }

  private static int tokens(String text) {
    return (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
  }
}
