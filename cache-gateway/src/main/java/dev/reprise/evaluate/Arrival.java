package dev.reprise.evaluate;

import dev.reprise.model.internal.Checks;

/**
 * A question that arrives in a stream.
 *
 * @param scope whose question it is; questions of two scopes never meet. Empty for the one scope of
 *     a stream without any
 * @param label of the right answer: an answer is right for all questions with its label; not blank
 * @param query the question; not blank
 * @param response the text of its answer, empty if it is not known
 */
public record Arrival(String scope, String label, String query, String response) {
  public Arrival {
    Checks.notBlank("label", label);
    Checks.notBlank("query", query);
  }
}
