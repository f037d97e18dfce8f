package dev.reprise.langchain4j;

import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.content.Content;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.TokenUsage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A chain's answer and its sources.
 *
 * @param answer the answer
 * @param documents the versions of the documents that it was made from; it is served only while all
 *     are current
 * @param completion how the answer ended; only {@link Completion#COMPLETE} is stored by default
 * @param usage the tokens of its models
 * @param <T> the type of the chain's answers
 */
public record ChainResult<T>(
    T answer, Set<Document> documents, Completion completion, TokenUsage usage) {
  public ChainResult {
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(documents, "documents");
    Objects.requireNonNull(completion, "completion");
    Objects.requireNonNull(usage, "usage");
    documents = Set.copyOf(documents);
  }

  /** Returns a complete answer that was made from {@code documents}. */
  public static <T> ChainResult<T> of(T answer, Set<Document> documents) {
    return new ChainResult<>(answer, documents, Completion.COMPLETE, new TokenUsage.Unknown());
  }

  /**
   * Returns the answer of an AiService, from the content, sources and finish reason of its {@code
   * Result}. If {@code documentOf} returns no document for a source, the answer is not stored,
   * since nothing could tell when it is out of date: {@link Completion#UNKNOWN_SOURCE}.
   *
   * @param finishReason {@link FinishReason#STOP} and null (unknown) are stored. Any other reason
   *     is not stored by default
   */
  public static <T> ChainResult<T> of(
      T answer,
      @Nullable List<Content> sources,
      @Nullable FinishReason finishReason,
      Function<Content, Optional<Document>> documentOf) {
    Objects.requireNonNull(documentOf, "documentOf");
    Set<Document> documents = new LinkedHashSet<>();
    Completion completion = completion(finishReason);
    for (Content source : sources == null ? List.<Content>of() : sources) {
      Optional<Document> document = documentOf.apply(source);
      if (document.isEmpty() && completion == Completion.COMPLETE) {
        completion = Completion.UNKNOWN_SOURCE;
      }
      document.ifPresent(documents::add);
    }
    return new ChainResult<>(answer, documents, completion, new TokenUsage.Unknown());
  }

  /**
   * Returns the function that finds a source's document in the metadata of its text segment.
   *
   * @param idKey the metadata's key of the document's identifier
   * @param versionKey the metadata's key of its version
   */
  public static Function<Content, Optional<Document>> documentByMetadata(
      String idKey, String versionKey) {
    Objects.requireNonNull(idKey, "idKey");
    Objects.requireNonNull(versionKey, "versionKey");
    return content -> {
      var metadata = content.textSegment().metadata().toMap();
      String id = Objects.toString(metadata.get(idKey), "");
      String version = Objects.toString(metadata.get(versionKey), "");
      return id.isBlank() || version.isBlank()
          ? Optional.empty()
          : Optional.of(new Document(id, version));
    };
  }

  /** Returns a copy that tells what its models cost. */
  public ChainResult<T> withUsage(long inputTokens, long outputTokens) {
    return new ChainResult<>(
        answer, documents, completion, new TokenUsage.Known(inputTokens, outputTokens));
  }

  private static Completion completion(@Nullable FinishReason reason) {
    if (reason == null) {
      return Completion.COMPLETE;
    }
    return switch (reason) {
      case STOP -> Completion.COMPLETE;
      case LENGTH -> Completion.TRUNCATED;
      case TOOL_EXECUTION -> Completion.TOOL_CALLS;
      case CONTENT_FILTER -> Completion.FILTERED;
      case OTHER -> Completion.OTHER;
    };
  }
}
