package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.langchain4j.ChainOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example. */
class ExamplesTest {

  @Test
  void quickStartCallsTheModelOnce() {
    OfflineModel model = new OfflineModel();

    assertThat(QuickStart.run(model.awaited()))
        .isEqualTo("You said: What is Retrieval-Augmented Generation?");
    assertThat(model.calls()).isEqualTo(1);
    QuickStart.main(new String[0]);
  }

  @Test
  void streamingReplaysTheSecondTime() {
    OfflineModel model = new OfflineModel();

    assertThat(StreamingExample.run(model.streamed()))
        .containsSubsequence(
            "piece: You",
            "piece: cache?",
            "end, computed",
            "piece: You",
            "piece: cache?",
            "end, from the cache");
    assertThat(model.calls()).isEqualTo(1);
    StreamingExample.main(new String[0]);
  }

  @Test
  void aHitIsExplainedAndNotRepeatedOnceItWasReported(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("learnt.json");
    assertThat(LearningExample.run(new OfflineModel().awaited(), file))
        .satisfiesExactly(
            explanation -> assertThat(explanation).contains("accepted, cosine", "bound"),
            hit -> assertThat(hit).isEqualTo("cached: true"),
            after -> assertThat(after).isEqualTo("cached after it was reported: false"),
            risk -> assertThat(risk).contains("servedWrong=1"));
    assertThat(file).isNotEmptyFile();
    LearningExample.main(new String[] {file.toString()});
  }

  @Test
  void aRepeatedQuestionNeitherEmbedsNorRetrievesNorAsksTheModel() {
    OfflineModel model = new OfflineModel();
    try (RagChainExample example = new RagChainExample(model.awaited())) {
      example.publish("returns", "1", "Goods can be returned within 14 days.");
      example.publish("shipping", "1", "Shipping takes 3 days.");

      ChainOutcome<String> first = example.ask("How long can I return goods?");
      ChainOutcome<String> second = example.ask("How long can I return goods?");

      assertThat(first.answer()).contains("within 14 days");
      assertThat(first.wasCached()).isFalse();
      assertThat(second.answer()).isEqualTo(first.answer());
      assertThat(second.wasCached()).isTrue();
      assertThat(example.retrievals()).isEqualTo(1);
      assertThat(model.calls()).isEqualTo(1);
    }
  }

  @Test
  void aNewVersionOfTheDocumentDropsTheAnswerAndAnotherDocumentDoesNot() {
    OfflineModel model = new OfflineModel();
    try (RagChainExample example = new RagChainExample(model.awaited())) {
      example.publish("returns", "1", "Goods can be returned within 14 days.");
      example.publish("shipping", "1", "Shipping takes 3 days.");
      example.ask("How long can I return goods?");

      example.publish("shipping", "2", "Shipping takes 2 days.");
      assertThat(example.ask("How long can I return goods?").wasCached()).isTrue();

      example.publish("returns", "2", "Goods can be returned within 30 days.");
      ChainOutcome<String> fresh = example.ask("How long can I return goods?");
      assertThat(fresh.wasCached()).isFalse();
      assertThat(fresh.answer()).contains("within 30 days");
      assertThat(model.calls()).isEqualTo(2);
    }
    RagChainExample.main(new String[0]);
  }
}
