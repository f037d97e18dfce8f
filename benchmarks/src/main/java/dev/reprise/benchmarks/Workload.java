package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.Entry;
import dev.reprise.tier.SemanticRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/*
 * What is looked up are real questions with real embeddings: ASKED of them. The others only fill the index; embedding 100,000
 * texts before each fork would take minutes, so that their vectors are those of real questions, turned a little at random
 * (cosine about 0.8 to the question that they come from). All have one fingerprint: one large graph, the worst case.
 */
/** The questions, answers and vectors that the benchmarks run on. The same in every run. */
final class Workload {
  /** How many questions are asked. */
  static final int ASKED = 1_000;

  private static final String SYSTEM =
      "You are the help desk of a web shop that sells kitchen appliances in twelve countries."
          + " Answer in at most five sentences, name the page where the customer can do it, and"
          + " never promise a refund.";
  private static final List<String> VERBS =
      List.of(
          "cancel",
          "change",
          "return",
          "repair",
          "register",
          "insure",
          "clean",
          "connect",
          "order",
          "track");
  private static final List<String> THINGS =
      List.of(
          "coffee maker",
          "toaster",
          "dishwasher",
          "blender",
          "kettle",
          "oven",
          "freezer",
          "mixer",
          "rice cooker",
          "juicer");
  private static final List<String> PLACES =
      List.of(
          "Austria", "Belgium", "Chile", "Denmark", "Estonia", "Finland", "Greece", "Hungary",
          "Iceland", "Japan");
  private static final String SENTENCE =
      "Open the page of your orders, choose the appliance, and follow the three steps that are"
          + " shown there. ";
  private static final double TURN = 0.75;

  private Workload() {}

  /** Returns the text of question {@code i}. */
  static String question(int i) {
    String verb = VERBS.get(i % 10);
    String thing = THINGS.get(i / 10 % 10);
    String place = PLACES.get(i / 100 % 10);
    return i < ASKED
        ? "How do I " + verb + " my " + thing + " if I live in " + place + "?"
        : "How do I " + verb + " my " + thing + " number " + i + " in " + place + "?";
  }

  /**
   * Returns the same question in words that differ a little: another exact key, nearly the same
   * vector.
   */
  static String paraphrase(int i) {
    return question(i).replace("How do I", "How can I");
  }

  /** Returns the same question in the same words behind a greeting: another exact key. */
  static String greeting(int i) {
    return "Hello, " + question(i);
  }

  /** Returns a request that asks {@code text}. */
  static CacheRequest request(String text) {
    return CacheRequest.builder(Scope.of("benchmark"))
        .provider("openai")
        .model("gpt-4o-mini")
        .system(SYSTEM)
        .user(text)
        .temperature(0)
        .parameter("max_tokens", 400)
        .build();
  }

  /** Returns the answer to question {@code i}: about 1,000 characters. */
  static Answer answer(int i) {
    String text = "Answer " + i + ". " + SENTENCE.repeat(10);
    return new Answer(text, text, Completion.COMPLETE, new TokenUsage.Known(120, 240), Set.of());
  }

  /** Returns the entry of question {@code i}. */
  static Entry entry(int i) {
    CacheRequest request = request(question(i));
    Instant now = Instant.now();
    return new Entry(
        Canonicalizer.exactKey(request),
        Canonicalizer.question(request),
        answer(i),
        Duration.ofSeconds(2),
        request.model(),
        now,
        now.plus(Duration.ofHours(24)),
        Set.of());
  }

  /** Returns the vectors of the questions that are asked. */
  static List<Vector> embed(Embedder embedder) {
    List<Vector> vectors = new ArrayList<>(ASKED);
    for (int i = 0; i < ASKED; i++) {
      if (!(embedder.embed(question(i)) instanceof Embedder.Embedding.Embedded embedded)) {
        throw new IllegalStateException("too long: " + question(i));
      }
      vectors.add(embedded.vector());
    }
    return vectors;
  }

  /** Returns the row of entry {@code i}. */
  static SemanticRow row(int i, Entry entry, List<Vector> embedded) {
    Vector vector = i < ASKED ? embedded.get(i) : turned(embedded.get(i % ASKED), i);
    Question.Semantic question = (Question.Semantic) entry.question();
    return new SemanticRow(entry.key(), question.fingerprint(), vector, entry.expiresAt());
  }

  private static Vector turned(Vector vector, int seed) {
    Random random = new Random(seed);
    float[] components = vector.toArray();
    double scale = TURN / Math.sqrt(components.length);
    for (int i = 0; i < components.length; i++) {
      components[i] += (float) (random.nextGaussian() * scale);
    }
    return Vector.normalized(components);
  }
}
