package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is asked. */
enum Scenario {
  ONE("exact hits, one question", "faq", 1, Answers.HITS),
  THOUSAND("exact hits, 1,000 questions", "faq", 1_000, Answers.HITS),
  MISS("misses", "faq", 100, Answers.MISSES),
  MISS_BY_MEANING("misses, looked up by meaning, too", "question", 100, Answers.MISSES);

  private static final List<String> VERBS =
      List.of("cancel", "change", "return", "repair", "register", "insure", "clean", "order");
  private static final List<String> THINGS =
      List.of("toaster", "kettle", "oven", "freezer", "mixer", "blender", "juicer", "lamp");
  private static final String SYSTEM =
      "You are the help desk of a web shop that sells kitchen appliances. Answer in at most five sentences.";

  private final String title;
  private final String useCase;
  private final int questions;
  private final Answers answers;

  Scenario(String title, String useCase, int questions, Answers answers) {
    this.title = title;
    this.useCase = useCase;
    this.questions = questions;
    this.answers = answers;
  }

  /** Where the answers must come from. */
  enum Answers {
    HITS,
    MISSES
  }

  String title() {
    return title;
  }

  String useCase() {
    return useCase;
  }

  boolean isHit() {
    return answers == Answers.HITS;
  }

  /** Returns the bodies that are asked; those of a miss have a mark where their number goes. */
  List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < questions; i++) {
      String number = isHit() ? String.format(Locale.ROOT, "%012d", i) : "@@@@@@@@@@@@";
      String question =
          "How do I "
              + VERBS.get(i % VERBS.size())
              + " my "
              + THINGS.get(i / VERBS.size() % THINGS.size())
              + " with the serial number "
              + number
              + "?";
      bodies.add(
          "{\"model\":\"gpt-4o-mini\",\"temperature\":0,\"messages\":[{\"role\":\"system\",\"content\":\""
              + SYSTEM
              + "\"},{\"role\":\"user\",\"content\":\""
              + question
              + "\"}]}");
    }
    return bodies;
  }

  /** Writes the bodies to a file, a line each. */
  Path write(Path folder) throws IOException {
    return Files.write(folder.resolve(name().toLowerCase(Locale.ROOT) + ".jsonl"), bodies());
  }
}
