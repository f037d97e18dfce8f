package dev.reprise.gateway.request;

import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Document;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.UseCase;
import java.util.List;
import java.util.Map;

/**
 * What is known about a call besides its body.
 *
 * @param scope who may share the answer
 * @param provider where the upstream is
 * @param path the path of the address, where it is not the usual one; else empty
 * @param query the query of the address without keys, empty where there is none
 * @param shaping the headers that may shape an answer or say for whom it is, by lower-case name; of
 *     a secret's value the hash
 * @param useCase what it is for
 * @param control what the caller asks of the cache
 * @param documents the versions of the documents that the prompt was made from
 */
public record CallContext(
    Scope scope,
    String provider,
    String path,
    String query,
    Map<String, String> shaping,
    UseCase useCase,
    CacheControl control,
    List<Document> documents) {

  /** Begins the names that the gateway itself puts into keys: {@value}. */
  public static final String OWN_PREFIX = "@";

  public CallContext {
    shaping = Map.copyOf(shaping);
    documents = List.copyOf(documents);
  }

  /**
   * Returns a request that has all of this. Its answer carries the tag of its scope, so that an
   * administrator can remove all of a scope.
   */
  public CacheRequest.Builder request(String answerFormat) {
    CacheRequest.Builder request =
        CacheRequest.builder(scope)
            .provider(provider)
            .useCase(useCase)
            .control(control.with(Tag.scope(scope)))
            .answerFormat(answerFormat);
    documents.forEach(request::document);
    if (!path.isEmpty()) {
      request.parameter(OWN_PREFIX + "path", path);
    }
    if (!query.isEmpty()) {
      request.parameter(OWN_PREFIX + "query", query);
    }
    if (!shaping.isEmpty()) {
      request.parameter(OWN_PREFIX + "headers", shaping);
    }
    return request;
  }

  /** Returns the same for another use case. */
  public CallContext withUseCase(UseCase other) {
    return new CallContext(scope, provider, path, query, shaping, other, control, documents);
  }
}
