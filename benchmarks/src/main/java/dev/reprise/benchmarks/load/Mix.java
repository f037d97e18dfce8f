package dev.reprise.benchmarks.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What the soak asks: a stream of requests that is the same in every run. Not thread-safe. */
final class Mix {
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
          "juicer",
          "lamp",
          "radio",
          "camera",
          "printer",
          "heater",
          "fan",
          "bicycle",
          "drill",
          "mattress",
          "piano");
  private static final List<String> PLACES =
      List.of(
          "Austria", "Belgium", "Chile", "Denmark", "Estonia", "Finland", "Greece", "Hungary",
          "Iceland", "Japan");
  private static final List<String> GREETINGS =
      List.of("Hello, ", "Hi! ", "Good morning. ", "Please tell me: ");
  private static final List<String> KEYS = List.of("sk-ann", "sk-ben", "sk-eve");
  private static final String MODEL = "gpt-4o-mini";
  private static final String EMBEDDING_MODEL = "text-embedding-3-small";
  private static final int TOPICS = 200;

  private final Random random;
  private final double[] popularity = new double[TOPICS];
  private final Map<String, Integer> topics = new HashMap<>();
  private long asked;

  /**
   * @param seed the same seed, the same requests
   */
  Mix(long seed) {
    this.random = new Random(seed);
    double sum = 0;
    for (int i = 0; i < TOPICS; i++) {
      sum += 1.0 / (i + 1);
      popularity[i] = sum;
      for (String text : wordings(i)) {
        topics.put(text, i);
      }
    }
  }

  /** Returns the next request. */
  Ask next() {
    long number = ++asked;
    Kind kind = Kind.of(random.nextInt(1_000));
    String key = KEYS.get(random.nextInt(KEYS.size()));
    boolean isStreamed = random.nextBoolean();
    return switch (kind) {
      case REPEAT -> new Ask(number, kind, key, MODEL, question(popular()), isStreamed);
      case PARAPHRASE -> {
        List<String> wordings = wordings(popular());
        String text = wordings.get(1 + random.nextInt(wordings.size() - 1));
        yield new Ask(number, kind, key, MODEL, text, isStreamed);
      }
      case FRESH, BYPASS -> new Ask(number, kind, key, MODEL, fresh(number), isStreamed);
      case EMBEDDING -> {
        String text = random.nextBoolean() ? question(popular()) : fresh(number);
        yield new Ask(number, kind, key, EMBEDDING_MODEL, text, false);
      }
      case FAILING -> {
        String model = random.nextBoolean() ? LoadModelServer.FAILS_500 : LoadModelServer.FAILS_429;
        yield new Ask(number, kind, key, model, fresh(number), isStreamed);
      }
      case HANG_UP -> {
        String model = isStreamed ? LoadModelServer.TRICKLES : LoadModelServer.SLOW;
        yield new Ask(number, kind, key, model, fresh(number), isStreamed);
      }
    };
  }

  /** Returns a question that nobody asked before, not streamed. */
  Ask fresh(String model) {
    long number = ++asked;
    return new Ask(number, Kind.FRESH, KEYS.get(0), model, fresh(number), false);
  }

  /** Returns an earlier question behind a greeting. */
  Ask greeted(Ask earlier) {
    String text = GREETINGS.get(0) + earlier.text();
    return new Ask(++asked, Kind.PARAPHRASE, earlier.key(), earlier.model(), text, false);
  }

  /** Returns whether two texts ask the same, as far as this knows. */
  boolean isSameQuestion(String text, String other) {
    Integer topic = topics.get(text);
    return text.equals(other)
        || (topic != null && topic.equals(topics.get(other)))
        || text.equals(GREETINGS.get(0) + other);
  }

  private int popular() {
    double at = random.nextDouble() * popularity[TOPICS - 1];
    int topic = 0;
    while (popularity[topic] < at) {
      topic++;
    }
    return topic;
  }

  /** Returns a question's wordings; the first is that of {@link Kind#REPEAT}. */
  private static List<String> wordings(int topic) {
    List<String> wordings = new ArrayList<>();
    wordings.add(question(topic));
    GREETINGS.forEach(greeting -> wordings.add(greeting + question(topic)));
    wordings.add(question(topic).replace("How do I", "How can I"));
    return wordings;
  }

  private static String question(int topic) {
    return "How do I "
        + VERBS.get(topic % 10)
        + " my "
        + THINGS.get(topic / 10)
        + " if I live in "
        + PLACES.get((topic + topic / 10) % 10)
        + "?";
  }

  private String fresh(long number) {
    return String.format(
        Locale.ROOT,
        "What does error %d of my %s mean?",
        1_000_000 + number,
        THINGS.get(random.nextInt(THINGS.size())));
  }
}
