package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MiniLmEmbedderTest {
  private static MiniLmEmbedder embedder;

  @BeforeAll
  static void load() {
    embedder = MiniLmEmbedder.load();
  }

  /** The figures are those of the model in 32-bit floating point; int8 moves them a little. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What is Retrieval-Augmented Generation? | Can you explain RAG in AI?                | 0.264
          How do I reset my password?             | How can I reset my password?              | 0.992
          Is it safe to take ibuprofen?           | Is it not safe to take ibuprofen?         | 0.991
          What is the capital of France?          | Tell me France's capital city             | 0.909
          How long does shipping take?            | How many days for delivery?               | 0.688
          """)
  void similaritiesAreTheModels(String one, String other, double cosine) {
    assertThat(vector(one).similarity(vector(other)).cosine()).isCloseTo(cosine, within(0.03));
  }

  @Test
  void aVectorHasTheDimensionItPromises() {
    assertThat(embedder.dimension()).isEqualTo(384).isEqualTo(vector("Hello").dimension());
    assertThat(embedder.id()).isEqualTo("all-minilm-l6-v2-int8");
  }

  @Test
  void equalTextsHaveEqualVectors() {
    assertThat(vector("Where is my order?")).isEqualTo(vector("Where is my order?"));
    assertThat(vector("Where is my order?")).isNotEqualTo(vector("Where is my invoice?"));
  }

  @Test
  void aTextWhoseEndTheModelWouldNotSeeIsTooLong() {
    String preamble = "word ".repeat(200);
    assertThat(embedder.embed(preamble + "How do I pay?"))
        .isEqualTo(new Embedder.Embedding.TooLong(MiniLmEmbedder.WINDOW));
    assertThat(embedder.embed(preamble + "Where do you deliver?"))
        .isEqualTo(new Embedder.Embedding.TooLong(MiniLmEmbedder.WINDOW));
  }

  @Test
  void whatIsLoadedAheadIsTheSameModel() {
    MiniLmEmbedder.loadAhead();
    assertThat(MiniLmEmbedder.load().embed("Where is my order?"))
        .isEqualTo(embedder.embed("Where is my order?"));
  }

  @Test
  void theLongestTextIsEmbeddedToItsEnd() {
    String most = "word ".repeat(MiniLmEmbedder.WINDOW - 1);
    assertThat(vector(most + "cat")).isNotEqualTo(vector(most + "dog"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 500})
  void oneTokenMoreIsTooLong(int more) {
    String text = "word ".repeat(MiniLmEmbedder.WINDOW + more);
    assertThat(embedder.embed(text)).isInstanceOf(Embedder.Embedding.TooLong.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "?",
        "Straße, naïve, 東京, مرحبا, Привет",
        "\uD83D\uDE00",
        "unknown \uD83E\uDEE8 in between",
        "don't ##split [CLS] [SEP] [UNK] me",
        "line\nbreaks\tand\u00a0spaces",
        "3.14159 != 2.71828 && x_1 -> f(x)"
      })
  void anyTextThatIsNotBlankHasAVector(String text) {
    assertThat(vector(text).dimension()).isEqualTo(384);
  }

  /** What was stored with LangChain4j's own run of the model is found with ours. */
  @Test
  void vectorsAreLangChain4jsBitForBit() {
    EmbeddingModel langChain4j = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
    for (String text : texts()) {
      Response<Embedding> theirs = langChain4j.embed(text);
      if (theirs.tokenUsage().inputTokenCount() > MiniLmEmbedder.WINDOW) {
        assertThat(embedder.embed(text)).as(text).isInstanceOf(Embedder.Embedding.TooLong.class);
      } else {
        assertThat(vector(text)).as(text).isEqualTo(Vector.normalized(theirs.content().vector()));
      }
    }
  }

  /** Plain texts, and those that a tokenizer may take for something else. */
  private static List<String> texts() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "How do I reset my password?",
                "What's the difference between a 401(k) & an IRA -- is it $10,000 or 3.5%?",
                "don't ##split [CLS] [SEP] [UNK] [MASK] [PAD] me",
                "is [MASK] cls sep unk",
                "a##b a ##b ## #",
                "x".repeat(99) + " " + "y".repeat(100) + " " + "z".repeat(101),
                "pneumonoultramicroscopicsilicovolcanoconiosis antidisestablishmentarianism",
                "Stra\u00dfe, na\u00efve, \u6771\u4eac, \u0645\u0631\u062d\u0628\u0627, \u041f\u0440\u0438\u0432\u0435\u0442",
                "nai\u0308ve \ufb01 \u0130stanbul \u212a \u017f \u1e9e",
                "unknown \ud83e\udee8 in between \ud83d\ude00\ud83d\ude00",
                "What\u2019s \u201cRAG\u201d \u2014 in AI\u2026?",
                "line\nbreaks\tand\u00a0spaces \u200bzero\u200d width \u0007bell",
                "\u00e9 e\u0301 \uac00 \u1100\u1161 \u3042\u3099",
                "a\u0000b",
                "word ".repeat(MiniLmEmbedder.WINDOW),
                "word ".repeat(MiniLmEmbedder.WINDOW + 1)));
    Random random = new Random(22);
    String alphabet =
        "abcdefghij kLMNOP 0123 .,;:'\"-_#[]()!?$%&/\\@*+=<>{}|~^`\u00e4\u00e9\u0301\u4e00\u200b";
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder("t");
      int length = random.nextInt(60);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void aBlankTextIsRefused() {
    assertThatThrownBy(() -> embedder.embed(" \n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text");
  }

  @Test
  void manyThreadsGetTheVectorsThatOneGets() throws Exception {
    List<String> texts = new ArrayList<>();
    List<Vector> alone = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      texts.add("How much is article number " + i + "?");
      alone.add(vector(texts.get(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        tasks.add(
            () -> {
              int which = ThreadLocalRandom.current().nextInt(texts.size());
              return vector(texts.get(which)).equals(alone.get(which));
            });
      }
      for (Future<Boolean> same : threads.invokeAll(tasks)) {
        assertThat(same.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Vector vector(String text) {
    Embedder.Embedding embedding = embedder.embed(text);
    assertThat(embedding).isInstanceOf(Embedder.Embedding.Embedded.class);
    return ((Embedder.Embedding.Embedded) embedding).vector();
  }

  /** Split into tokens, a million characters take a second. */
  @ParameterizedTest
  @ValueSource(ints = {4_097, 1_000_000, 30_000_000})
  void aTextOfManyCharactersIsTooLongWithoutBeingSplit(int length) {
    assertThat(embedder.embed("word ".repeat(length / 5 + 1)))
        .isEqualTo(new Embedder.Embedding.TooLong(MiniLmEmbedder.WINDOW));
    assertThat(embedder.embed("x".repeat(length)))
        .isEqualTo(new Embedder.Embedding.TooLong(MiniLmEmbedder.WINDOW));
  }
}
