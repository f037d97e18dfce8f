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

  /** What is asked, in two wordings, of a thing and a place. Rules look for words of each. */
  private record Frame(String asked, String otherwise) {}

  private static final List<Frame> FRAMES =
      List.of(
          new Frame(
              "How do I return a %s that I ordered last week to the warehouse in %s?",
              "How can I return a %s that I ordered last week to the warehouse in %s?"),
          new Frame(
              "How long is the guarantee on a %s that I bought in %s?",
              "How long is the guarantee on the %s that I bought in %s?"),
          new Frame(
              "How do I find out why my %s is still cold after an hour if I live in %s?",
              "How can I find out why my %s is still cold after an hour if I live in %s?"),
          new Frame(
              "What is the difference between order number and account number of a %s in %s?",
              "What's the difference between order number and account number of a %s in %s?"),
          new Frame(
              "How do I change the password of the app for my %s after I moved to %s?",
              "How can I change the password of the app for my %s after I moved to %s?"),
          new Frame(
              "How much water does a %s need a day in a household in %s?",
              "How much water does the %s need a day in a household in %s?"),
          new Frame(
              "How do I send the documents of a broken %s when I live in %s?",
              "How can I send the documents of a broken %s when I live in %s?"),
          new Frame(
              "How do I cancel the delivery of a %s to %s before it leaves the store?",
              "How can I cancel the delivery of a %s to %s before it leaves the store?"),
          new Frame(
              "Can I pay for a %s in three months without costs if I live in %s?",
              "Could I pay for a %s in three months without costs if I live in %s?"),
          new Frame(
              "How do I write a complaint about a loud %s to the branch in %s?",
              "How can I write a complaint about a loud %s to the branch in %s?"));
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
  private static final List<String> OTHER_PLACES =
      List.of(
          "Kenya", "Latvia", "Mexico", "Norway", "Oman", "Poland", "Qatar", "Romania", "Sweden",
          "Turkey");
  private static final List<String> FAR =
      List.of(
          "Why did the %s of the Bronze Age trade tin with %s?",
          "What does a %s eat in the winter in %s?",
          "How do I prove that the %s converges in the %s norm?",
          "Which chord follows %s in the key of %s?",
          "What is the half-life of %s in the soil of %s?");
  private static final List<String> FAR_SUBJECTS =
      List.of(
          "sailors",
          "heron",
          "Fourier series",
          "F sharp minor",
          "caesium",
          "Phoenicians",
          "badger",
          "power series",
          "B flat major",
          "radium");
  private static final String SENTENCE =
      "Open the page of your orders, choose the appliance, and follow the three steps that are"
          + " shown there. ";
  private static final double TURN = 0.75;

  private Workload() {}

  /** Returns the text of question {@code i}. */
  static String question(int i) {
    return numbered(FRAMES.get(i % 10).asked().formatted(thing(i), place(i)), i);
  }

  /**
   * Returns the same question in words that differ a little: another exact key, nearly the same
   * vector.
   */
  static String paraphrase(int i) {
    return numbered(FRAMES.get(i % 10).otherwise().formatted(thing(i), place(i)), i);
  }

  /**
   * Returns question {@code i} about another place: a near question that nothing cached answers.
   */
  static String nearMiss(int i) {
    return FRAMES.get(i % 10).asked().formatted(thing(i), OTHER_PLACES.get(i / 100 % 10));
  }

  /** Returns a question that has nothing to do with any that is cached. */
  static String farMiss(int i) {
    return FAR.get(i % FAR.size())
        .formatted(FAR_SUBJECTS.get(i / 5 % 10), OTHER_PLACES.get(i / 50 % 10));
  }

  private static String thing(int i) {
    return THINGS.get(i / 10 % 10);
  }

  private static String place(int i) {
    return PLACES.get(i / 100 % 10);
  }

  private static String numbered(String question, int i) {
    return i < ASKED ? question : question.replace("?", " with article number " + i + "?");
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
