package dev.reprise.langchain4j;

import dev.reprise.model.CacheControl;
import dev.reprise.model.Document;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a LangChain4j request has no field for: what it is for, what it asks of the cache, and what
 * its prompt was made from.
 *
 * @param useCase what it is for; part of the key
 * @param control what it asks of the cache
 * @param documents the versions of the documents that its prompt was made from; part of the key
 * @param scope who may share its answer, or null for what the model was built with; part of the key
 */
public record CacheRequestOptions(
    UseCase useCase, CacheControl control, List<Document> documents, @Nullable Scope scope) {

  /** {@link UseCase#QUESTION}, {@link CacheControl#DEFAULT}, no documents. */
  public static final CacheRequestOptions DEFAULT =
      new CacheRequestOptions(UseCase.QUESTION, CacheControl.DEFAULT, List.of());

  public CacheRequestOptions {
    Objects.requireNonNull(useCase, "useCase");
    Objects.requireNonNull(control, "control");
    documents = List.copyOf(Objects.requireNonNull(documents, "documents"));
  }

  /** Options in the scope that the model was built with. */
  public CacheRequestOptions(UseCase useCase, CacheControl control, List<Document> documents) {
    this(useCase, control, documents, null);
  }

  /** Returns the default options for another use case. */
  public static CacheRequestOptions of(UseCase useCase) {
    return DEFAULT.with(useCase);
  }

  /** Returns the default options with another control. */
  public static CacheRequestOptions of(CacheControl control) {
    return DEFAULT.with(control);
  }

  /** Returns a copy for another use case. */
  public CacheRequestOptions with(UseCase useCase) {
    return new CacheRequestOptions(useCase, control, documents, scope);
  }

  /** Returns a copy with another control. */
  public CacheRequestOptions with(CacheControl control) {
    return new CacheRequestOptions(useCase, control, documents, scope);
  }

  /** Returns a copy with one document more. */
  public CacheRequestOptions with(Document document) {
    List<Document> more = new ArrayList<>(documents);
    more.add(Objects.requireNonNull(document, "document"));
    return new CacheRequestOptions(useCase, control, more, scope);
  }

  /** Returns a copy whose answer is shared within {@code scope}. */
  public CacheRequestOptions with(Scope scope) {
    return new CacheRequestOptions(
        useCase, control, documents, Objects.requireNonNull(scope, "scope"));
  }
}
