package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.cli.demo.DemoQuestion.Label;
import dev.reprise.model.UseCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedUpstreamTest {
  private static final Answers ANSWERS =
      Answers.parse(
          "a",
          """
          {"label": "hours", "answer": "From 8 to 20."}
          {"label": "balance", "answer": "12 euros.", "changes": true}
          """);

  private final List<Duration> slept = new ArrayList<>();
  private final SimulatedUpstream upstream = new SimulatedUpstream(ANSWERS, 1, slept::add);

  @Test
  void answersByLabelAndTakesItsTime() {
    DemoQuestion question = question(3, "hours");
    ChatResponse response = upstream.modelFor(question).chat(request(question));

    assertThat(response.aiMessage().text()).isEqualTo("From 8 to 20.");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(2);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
    assertThat(slept).containsExactly(upstream.latency(question));
  }

  @Test
  void aChangingAnswerIsAnotherOneEachTime() {
    assertThat(upstream.text(question(3, "balance")))
        .isNotEqualTo(upstream.text(question(4, "balance")));
    assertThat(upstream.text(question(3, "hours"))).isEqualTo(upstream.text(question(4, "hours")));
  }

  @Test
  void answersQuestionsThatNobodyLabelled() {
    assertThat(upstream.text(DemoQuestion.plain(1, "Why?"))).isEqualTo("Simulated answer to: Why?");
    assertThat(upstream.text(question(1, "other"))).isEqualTo("Simulated answer \"other\".");
  }

  @Test
  void timesAreTheSameForTheSameSeedWhateverTheOrder() {
    SimulatedUpstream again = new SimulatedUpstream(ANSWERS, 1, slept::add);
    SimulatedUpstream other = new SimulatedUpstream(ANSWERS, 2, slept::add);
    List<Duration> forwards = latencies(upstream, 1, 2, 3, 4, 5);
    assertThat(latencies(again, 5, 4, 3, 2, 1)).containsExactlyInAnyOrderElementsOf(forwards);
    assertThat(latencies(other, 1, 2, 3, 4, 5)).isNotEqualTo(forwards);
  }

  @Test
  void timesAreSpreadWithinTheirBounds() {
    List<Duration> times =
        latencies(upstream, IntStream.rangeClosed(1, 1000).toArray()).stream().sorted().toList();
    assertThat(times.get(0)).isEqualTo(SimulatedUpstream.SHORTEST);
    assertThat(times.get(999)).isEqualTo(SimulatedUpstream.LONGEST);
    assertThat(times.get(500)).isBetween(Duration.ofMillis(80), Duration.ofMillis(100));
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    SimulatedUpstream interrupted =
        new SimulatedUpstream(
            ANSWERS,
            1,
            duration -> {
              throw new InterruptedException();
            });
    DemoQuestion question = question(1, "hours");
    assertThatThrownBy(() -> interrupted.modelFor(question).chat(request(question)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static List<Duration> latencies(SimulatedUpstream upstream, int... numbers) {
    return IntStream.of(numbers).mapToObj(n -> upstream.latency(question(n, "hours"))).toList();
  }

  private static DemoQuestion question(int number, String label) {
    return new DemoQuestion(
        number, "When?", new Label.Known(label), UseCase.QUESTION, List.of(), 0, "");
  }

  private static ChatRequest request(DemoQuestion question) {
    return ChatRequest.builder().messages(UserMessage.from(question.text())).build();
  }
}
