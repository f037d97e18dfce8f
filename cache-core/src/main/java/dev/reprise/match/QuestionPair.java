package dev.reprise.match;

import java.util.HashSet;
import java.util.Set;

/**
 * Two questions side by side, as guards see them: in their {@linkplain Matcher#comparable
 * comparable} forms. Immutable.
 */
public final class QuestionPair {
  private final QuestionSide asked;
  private final QuestionSide cached;
  private final String askedAsWritten;
  private final String cachedAsWritten;

  private QuestionPair(
      QuestionSide asked, QuestionSide cached, String askedAsWritten, String cachedAsWritten) {
    this.asked = asked;
    this.cached = cached;
    this.askedAsWritten = askedAsWritten;
    this.cachedAsWritten = cachedAsWritten;
  }

  /** Returns the pair of {@code asked} and {@code cached}. Takes time linear in their length. */
  public static QuestionPair of(String asked, String cached) {
    return of(asked, cached, asked, cached);
  }

  /** Returns the pair of two comparable forms and of the texts that they were made of. */
  static QuestionPair of(
      String asked, String cached, String askedAsWritten, String cachedAsWritten) {
    return new QuestionPair(
        QuestionSide.of(asked), QuestionSide.of(cached), askedAsWritten, cachedAsWritten);
  }

  /** Returns the question that is asked, sign by sign as it was written. */
  String askedAsWritten() {
    return askedAsWritten;
  }

  /** Returns the question that was answered, sign by sign as it was written. */
  String cachedAsWritten() {
    return cachedAsWritten;
  }

  /** Returns the asked question. */
  public String asked() {
    return asked.text();
  }

  /** Returns the question that was answered. */
  public String cached() {
    return cached.text();
  }

  QuestionSide askedSide() {
    return asked;
  }

  QuestionSide cachedSide() {
    return cached;
  }

  /**
   * Returns how much of what the two say is the same, from 0 to 1: Dice's coefficient of their
   * content words' stems, without those in {@code different}. 1 where nothing is left.
   */
  double overlap(Set<String> different) {
    Set<String> one = new HashSet<>(asked.contentStems());
    Set<String> other = new HashSet<>(cached.contentStems());
    one.removeAll(different);
    other.removeAll(different);
    int total = one.size() + other.size();
    one.retainAll(other);
    return total == 0 ? 1 : 2.0 * one.size() / total;
  }
}
