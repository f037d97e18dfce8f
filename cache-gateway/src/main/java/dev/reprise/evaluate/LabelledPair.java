package dev.reprise.evaluate;

import dev.reprise.model.internal.Checks;

/**
 * Two questions, and whether the answer to one is right for the other.
 *
 * @param cached the question that is stored; not blank
 * @param query the question that is asked; not blank
 * @param label whether the answer to {@code cached} may be served for {@code query}
 * @param response the text of the answer to {@code cached}, empty if it is not known
 */
public record LabelledPair(String cached, String query, Label label, String response) {
  public LabelledPair {
    Checks.notBlank("cached", cached);
    Checks.notBlank("query", query);
  }

  /** Whether an answer is right. */
  public enum Label {
    SAME,
    OTHER
  }
}
