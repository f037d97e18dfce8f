package dev.reprise.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options of one cached call that the framework's request has no field for. Immutable.
 *
 * @param useCase what the request is for; part of the key
 * @param control what the request asks of the cache
 * @param documents versions of the documents that the prompt was made from; part of the key
 * @param scope who may share the answer; part of the key. Null for the scope of the cached model
 */
public record CacheRequestOptions(
    UseCase useCase, CacheControl control, List<Document> documents, @Nullable Scope scope) {

  /** {@link UseCase#QUESTION}, {@link CacheControl#DEFAULT}, no documents, the model's scope. */
  public static final CacheRequestOptions DEFAULT =
      new CacheRequestOptions(UseCase.QUESTION, CacheControl.DEFAULT, List.of());

  public CacheRequestOptions {
    Objects.requireNonNull(useCase, "useCase");
    Objects.requireNonNull(control, "control");
    documents = List.copyOf(Objects.requireNonNull(documents, "documents"));
  }

  /** Creates options in the scope of the cached model. */
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

  /** Returns a copy with {@code document} added. */
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
