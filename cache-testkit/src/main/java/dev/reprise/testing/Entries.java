package dev.reprise.testing;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/** Entries for tests: a default entry that a test can change. */
public final class Entries {
  /** How long {@link #entry} lives. */
  public static final Duration LIFE = Duration.ofHours(24);

  private Entries() {}

  /** Returns the key of that name: the same for the same name. */
  public static ExactKey key(String name) {
    return new ExactKey(hash("key of " + name));
  }

  /** Returns the fingerprint of that name: the same for the same name. */
  public static Fingerprint fingerprint(String name) {
    return new Fingerprint(hash("fingerprint of " + name));
  }

  /** Returns an entry under {@link #key}{@code (name)} that lives for {@link #LIFE}. */
  public static Entry entry(String name, Instant storedAt) {
    return new Builder(name, storedAt).build();
  }

  /** Returns a builder of an entry under {@link #key}{@code (name)}. */
  public static Builder builder(String name, Instant storedAt) {
    return new Builder(name, storedAt);
  }

  /**
   * Returns an entry in which everything is drawn from {@code random}: every kind of question,
   * completion and usage, empty and long texts, and texts of every script and of none.
   */
  public static Entry random(Random random, Instant storedAt) {
    Set<Document> documents = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      documents.add(new Document("d" + text(random, 20), "v" + text(random, 5)));
    }
    Set<Tag> tags = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tags.add(Tag.of("t" + text(random, 30)));
    }
    String text = text(random, random.nextInt(10) == 0 ? 20_000 : 300);
    Completion[] completions = Completion.values();
    return new Entry(
        key(text(random, 10)),
        random.nextBoolean()
            ? new Question.Semantic(fingerprint(text(random, 10)), "q" + text(random, 200))
            : new Question.ExactOnly(text(random, 40)),
        new Answer(
            text,
            random.nextBoolean() ? text : text(random, 600),
            completions[random.nextInt(completions.length)],
            random.nextBoolean()
                ? new TokenUsage.Unknown()
                : new TokenUsage.Known(
                    random.nextLong() >>> (1 + random.nextInt(62)), random.nextInt(5)),
            documents),
        Duration.ofNanos(random.nextLong() >>> (1 + random.nextInt(62))),
        text(random, 30),
        storedAt,
        storedAt.plusNanos(1 + (random.nextLong() >>> (1 + random.nextInt(62)))),
        tags);
  }

  /** Returns a text of at most {@code maximum} characters: ASCII, any script, or broken pairs. */
  private static String text(Random random, int maximum) {
    int length = random.nextInt(maximum + 1);
    StringBuilder text = new StringBuilder(length);
    int kind = random.nextInt(5);
    while (text.length() < length) {
      switch (kind) {
        case 0, 1 -> text.append((char) (' ' + random.nextInt(95)));
        case 2 -> text.append((char) random.nextInt(0x180));
        case 3 -> text.appendCodePoint(random.nextInt(0xd800));
        default -> text.append((char) random.nextInt(0x10000));
      }
    }
    return text.toString();
  }

  private static ContentHash hash(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_16BE));
  }

  /** Builds an entry. */
  public static final class Builder {
    private final String name;
    private final Instant storedAt;
    private Question question;
    private Answer answer;
    private Duration life = LIFE;
    private Set<Tag> tags = Set.of();

    private Builder(String name, Instant storedAt) {
      this.name = name;
      this.storedAt = storedAt;
      question = new Question.Semantic(fingerprint("any"), "What is " + name + "?");
      answer =
          new Answer(
              "It is " + name + ".",
              "{\"content\":\"It is " + name + ".\"}",
              Completion.COMPLETE,
              new TokenUsage.Known(120, 34),
              Set.of());
    }

    /** Sets the question. */
    public Builder question(Question question) {
      this.question = question;
      return this;
    }

    /** Sets the answer. */
    public Builder answer(Answer answer) {
      this.answer = answer;
      return this;
    }

    /** Sets an answer that consists of a text only. */
    public Builder text(String text) {
      return answer(Answer.ofText(text));
    }

    /** Sets how long it lives. Default: {@link #LIFE}. */
    public Builder life(Duration life) {
      this.life = life;
      return this;
    }

    /** Sets the tags. */
    public Builder tags(Tag... tags) {
      this.tags = Set.of(tags);
      return this;
    }

    /** Returns the entry. */
    public Entry build() {
      return new Entry(
          key(name),
          question,
          answer,
          Duration.ofMillis(1234),
          "model-1",
          storedAt,
          storedAt.plus(life),
          tags);
    }
  }
}
