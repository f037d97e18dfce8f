package dev.reprise.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.ApiException;
import dev.reprise.gateway.http.ApiPath;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.ForwardedHeaders;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.gateway.request.ControlHeaders;
import dev.reprise.gateway.request.Credentials;
import dev.reprise.gateway.request.IdentityHeaders;
import dev.reprise.gateway.request.LookedUp;
import dev.reprise.gateway.request.Neutral;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.gateway.upstream.UpstreamClient;
import dev.reprise.model.UseCase;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpURI;

/** Reads what a request says besides its body. Safe for use by several threads. */
final class CallContextReader {
  private final Scopes scopes;
  private final Neutral neutral;
  private final LookedUp lookedUp;

  /**
   * @param neutral what does not divide answers
   * @param lookedUp which requests are not cached
   */
  CallContextReader(Scopes scopes, Neutral neutral, LookedUp lookedUp) {
    this.scopes = scopes;
    this.neutral = neutral;
    this.lookedUp = lookedUp;
  }

  /** Returns what of {@code body} divides answers, and the model where the address names it. */
  ObjectNode essential(Exchange exchange, ObjectNode body) {
    ObjectNode essential = neutral.without(body);
    String model = exchange.path().map(ApiPath::model).orElse("");
    return model.isEmpty() || essential.hasNonNull("model")
        ? essential
        : essential.deepCopy().put("model", model);
  }

  /** Returns which requests are not cached. */
  LookedUp lookedUp() {
    return lookedUp;
  }

  /**
   * Returns the context of a call.
   *
   * @param upstream who is asked where the cache has no answer
   * @throws ApiException if a header cannot be understood
   */
  CallContext context(Exchange exchange, UpstreamClient upstream) {
    ControlHeaders.checkNames(exchange.headers());
    ControlHeaders control = ControlHeaders.parse(exchange::values);
    HttpURI address = exchange.request().getHttpURI();
    String query = exchange.query();
    String key = Credentials.of(exchange.headers(), query, upstream.ownKey());
    return new CallContext(
        scopes.of(key, IdentityHeaders.of(exchange.headers()), control.scope()),
        upstream.base(),
        isUsual(exchange) ? "" : ApiPath.whole(address.getPath()),
        ApiPath.wholeQuery(exchange.path(), Credentials.withoutKeys(query)),
        shaping(exchange),
        control.useCase(),
        scopes.contributor(key).map(control.control()::withContributor).orElseGet(control::control),
        control.documents());
  }

  /** Parameters of a path are sent on, too. */
  private static boolean isUsual(Exchange exchange) {
    HttpURI address = exchange.request().getHttpURI();
    return address.getPath().equals(address.getCanonicalPath())
        && exchange.path().map(ApiPath::isUsual).orElse(true);
  }

  /** Returns what the upstream is sent besides the body that the scope does not know. */
  private Map<String, String> shaping(Exchange exchange) {
    Map<String, String> values = new HashMap<>();
    for (ForwardedHeaders.Header header : ForwardedHeaders.cacheable(exchange.headers())) {
      String name = header.name().toLowerCase(Locale.ROOT);
      boolean isOfScope = Credentials.isOne(name) || IdentityHeaders.have(name);
      if (!isOfScope && !neutral.hasHeader(name)) {
        values.merge(name, header.value(), (one, other) -> one + "\n" + other);
      }
    }
    values.replaceAll((name, value) -> Credentials.isSecret(name) ? scopes.hash(value) : value);
    return values;
  }

  /** Returns the context of a call that is for embeddings. */
  CallContext embedding(Exchange exchange, UpstreamClient upstream) {
    UseCase useCase = GatewayPolicy.EMBEDDING;
    return context(exchange, upstream).withUseCase(useCase);
  }
}
