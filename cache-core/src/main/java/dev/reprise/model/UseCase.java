package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * The purpose of a request, by which the policy finds its rules. It is part of the key, so that a
 * long-lived answer of one use case is not served for another.
 *
 * @param name lower-case words with hyphens
 */
public record UseCase(String name) {
  /**
   * Questions in free words: exact and semantic, 24 hours. The use case of a request that names
   * none.
   */
  public static final UseCase QUESTION = new UseCase("question");

  /** Answers to frequently asked questions: exact, 24 to 72 hours. */
  public static final UseCase FAQ = new UseCase("faq");

  /** Summaries of documents: exact, until a document changes. Needs the request's documents. */
  public static final UseCase DOCUMENT_SUMMARY = new UseCase("document-summary");

  /** Reformulations of a query for retrieval: exact and semantic, 1 hour. */
  public static final UseCase QUERY_REFORMULATION = new UseCase("query-reformulation");

  /** Creative texts: never cached. */
  public static final UseCase CREATIVE = new UseCase("creative");

  /** Answers that are out of date at once (prices, weather): never cached. */
  public static final UseCase DYNAMIC = new UseCase("dynamic");

  public UseCase {
    Objects.requireNonNull(name, "name");
    Checks.notBlank("use case", name);
  }
}
