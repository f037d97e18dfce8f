package dev.reprise.curated;

import dev.reprise.model.ContentHash;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.Scope;
import dev.reprise.model.internal.Checks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reviewed answer to a question, and to other wordings of it. Immutable.
 *
 * <pre>{@code
 * CuratedEntry entry =
 *     CuratedEntry.builder("How do I reset my password?", "Open Settings, then Security.")
 *         .alias("I forgot my password")
 *         .scope(Scope.of("support"))
 *         .reviewedBy("jane")
 *         .build();
 * }</pre>
 */
public final class CuratedEntry {
  /** The longest question or alias, in characters: {@value}. */
  public static final int LONGEST_QUESTION = 2_000;

  /** The longest answer, in characters: {@value}. */
  public static final int LONGEST_ANSWER = 100_000;

  /** The most aliases, models or system prompts of an entry: {@value}. */
  public static final int MOST_ALIASES = 100;

  private static final int LONGEST_NAME = 128;
  private static final int ID_DIGITS = 12;

  private final String id;
  private final String question;
  private final List<String> aliases;
  private final String answer;
  private final @Nullable Scope scope;
  private final List<String> models;
  private final List<String> systems;
  private final String reviewedBy;
  private final @Nullable Instant reviewedAt;

  private CuratedEntry(Builder builder) {
    question = builder.question;
    answer = builder.answer;
    aliases = distinct("aliases", builder.aliases);
    scope = builder.scope;
    models = distinct("models", builder.models);
    systems = distinct("systems", builder.systems);
    reviewedBy = builder.reviewedBy;
    reviewedAt = builder.reviewedAt;
    id = builder.id.isEmpty() ? idOf(scope, question) : builder.id;
  }

  private static List<String> distinct(String what, List<String> texts) {
    Checks.inRange("number of " + what, texts.size(), 0, MOST_ALIASES);
    return List.copyOf(new LinkedHashSet<>(texts));
  }

  private static String idOf(@Nullable Scope scope, String question) {
    String named = (scope == null ? "" : scope.name()) + '\n' + question;
    return ContentHash.of(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, ID_DIGITS);
  }

  /**
   * Returns a builder.
   *
   * @throws IllegalArgumentException if the question or the answer is blank or too long
   */
  public static Builder builder(String question, String answer) {
    return new Builder(question, answer);
  }

  /** Returns what names the entry in its set. Default: made from the scope and the question. */
  public String id() {
    return id;
  }

  /** Returns the question. */
  public String question() {
    return question;
  }

  /** Returns other wordings of the question. */
  public List<String> aliases() {
    return aliases;
  }

  /** Returns the text of the answer. */
  public String answer() {
    return answer;
  }

  /** Returns the scope whose requests it answers; empty for all scopes. */
  public Optional<Scope> scope() {
    return Optional.ofNullable(scope);
  }

  /** Returns the patterns of the models whose requests it answers; empty for all models. */
  public List<String> models() {
    return models;
  }

  /** Returns the system prompts with which it answers requests; empty for any or none. */
  public List<String> systems() {
    return systems;
  }

  /** Returns who reviewed it; empty if unknown. */
  public String reviewedBy() {
    return reviewedBy;
  }

  /** Returns when it was reviewed; empty if unknown. */
  public Optional<Instant> reviewedAt() {
    return Optional.ofNullable(reviewedAt);
  }

  /** Returns whether it may answer a request of {@code scope}, if the question is the same. */
  public boolean answers(Scope asking, PlainQuestion asked) {
    return (scope == null || scope.equals(asking))
        && (systems.isEmpty() || systems.contains(asked.system()))
        && (models.isEmpty()
            || models.stream().anyMatch(model -> ModelPattern.of(model).matches(asked.model())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CuratedEntry entry
        && id.equals(entry.id)
        && question.equals(entry.question)
        && answer.equals(entry.answer)
        && aliases.equals(entry.aliases)
        && Objects.equals(scope, entry.scope)
        && models.equals(entry.models)
        && systems.equals(entry.systems)
        && reviewedBy.equals(entry.reviewedBy)
        && Objects.equals(reviewedAt, entry.reviewedAt);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, question, answer);
  }

  /** Returns its identifier: no text of the entry. */
  @Override
  public String toString() {
    return "CuratedEntry[" + id + "]";
  }

  /** Collects the parts of a {@link CuratedEntry}. Not safe for use by several threads. */
  public static final class Builder {
    private final String question;
    private final String answer;
    private String id = "";
    private List<String> aliases = List.of();
    private @Nullable Scope scope;
    private List<String> models = List.of();
    private List<String> systems = List.of();
    private String reviewedBy = "";
    private @Nullable Instant reviewedAt;

    private Builder(String question, String answer) {
      this.question = text("question", question, LONGEST_QUESTION);
      this.answer = text("answer", answer, LONGEST_ANSWER);
    }

    /**
     * Sets what names the entry in its set. Default: made from the scope and the question.
     *
     * @param id 1 to 128 characters, not blank
     * @throws IllegalArgumentException if it is blank or too long
     */
    public Builder id(String id) {
      this.id = text("id", id, LONGEST_NAME);
      return this;
    }

    /** Adds another wording of the question. */
    public Builder alias(String alias) {
      aliases = new ArrayList<>(aliases);
      aliases.add(text("alias", alias, LONGEST_QUESTION));
      return this;
    }

    /**
     * Sets the other wordings of the question. Default: none.
     *
     * @throws IllegalArgumentException if one is blank or too long
     */
    public Builder aliases(List<String> aliases) {
      aliases.forEach(alias -> text("alias", alias, LONGEST_QUESTION));
      this.aliases = List.copyOf(aliases);
      return this;
    }

    /** Sets the scope whose requests it answers. Default: all scopes. */
    public Builder scope(Scope scope) {
      this.scope = Objects.requireNonNull(scope, "scope");
      return this;
    }

    /**
     * Sets the models whose requests it answers. Default: all models.
     *
     * @param models their names; {@code *} matches any characters, {@code ?} matches one
     * @throws IllegalArgumentException if a pattern is blank or too long
     */
    public Builder models(List<String> models) {
      models.forEach(model -> text("model", model, LONGEST_NAME));
      this.models = List.copyOf(models);
      return this;
    }

    /**
     * Sets the system prompts with which it answers requests, word for word. An empty text stands
     * for a request without a system prompt. Default: any system prompt, or none.
     *
     * @throws IllegalArgumentException if one is too long
     */
    public Builder systems(List<String> systems) {
      systems.forEach(
          system -> Checks.inRange("length of system", system.length(), 0, LONGEST_ANSWER));
      this.systems = List.copyOf(systems);
      return this;
    }

    /** Sets who reviewed the entry. Default: empty, unknown. */
    public Builder reviewedBy(String name) {
      Checks.inRange("length of reviewedBy", name.length(), 0, LONGEST_NAME);
      this.reviewedBy = name;
      return this;
    }

    /** Sets when the entry was reviewed. Default: unknown. */
    public Builder reviewedAt(Instant time) {
      this.reviewedAt = Objects.requireNonNull(time, "time");
      return this;
    }

    /**
     * Returns the entry.
     *
     * @throws IllegalArgumentException if there are too many aliases, models or system prompts
     */
    public CuratedEntry build() {
      return new CuratedEntry(this);
    }

    private static String text(String what, String text, int longest) {
      Checks.notBlank(what, text);
      Checks.inRange("length of " + what, text.length(), 1, longest);
      return text;
    }
  }
}
