package dev.reprise.model;

import java.util.Objects;
import java.util.Set;

/**
 * An answer, as stored and served.
 *
 * @param text the text for the reader; empty if there is none
 * @param payload the whole answer, in the format of the request's integration; opaque to the engine
 * @param completion how the answer ended
 * @param usage the tokens it took
 * @param documents the versions of the documents that the answer was made from (retrieved context);
 *     each of them can invalidate the entry
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

  /** Returns a complete answer that consists of a text only, in {@link #TEXT_FORMAT}. */
  public static Answer ofText(String text) {
    return new Answer(text, text, Completion.COMPLETE, new TokenUsage.Unknown(), Set.of());
  }

  /** Returns a copy that ended in another way. */
  public Answer withCompletion(Completion completion) {
    return new Answer(text, payload, completion, usage, documents);
  }
}
