package dev.reprise.model;

import java.util.Objects;
import java.util.Set;

/**
 * An answer, as it is stored and served.
 *
 * @param text what the model says to the reader, empty where it says nothing
 * @param payload all of the answer, in the format of the request's integration; opaque to everyone
 *     else
 * @param completion how it ended
 * @param usage what it cost
 * @param documents the versions of the documents that it was found to depend on while it was made
 *     (retrieved context); the entry can be invalidated by each
 */
public record Answer(
    String text, String payload, Completion completion, TokenUsage usage, Set<Document> documents) {

  /** The format of {@link #ofText}: the payload is the text. */
  public static final String TEXT_FORMAT = "text/1";

  public Answer {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(completion, "completion");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(documents, "documents");
    documents = Set.copyOf(documents);
  }

  /** Returns a complete answer that is nothing but a text, in {@link #TEXT_FORMAT}. */
  public static Answer ofText(String text) {
    return new Answer(text, text, Completion.COMPLETE, new TokenUsage.Unknown(), Set.of());
  }

  /** Returns a copy that ended in another way. */
  public Answer withCompletion(Completion completion) {
    return new Answer(text, payload, completion, usage, documents);
  }
}
