package dev.reprise.gateway;

import java.net.http.HttpRequest;
import org.eclipse.jetty.http.HttpFields;

/**
 * What the upstream is asked for one client's request, copied from it. Calls can be made after the
 * client was answered, when the server uses its request object for the next one.
 *
 * @param target path and query behind /v1
 * @param headers the client's
 * @param shown the key that the upstream sees, empty for none
 */
record UpstreamRequest(UpstreamClient upstream, String target, HttpFields headers, String shown) {

  static UpstreamRequest of(Exchange exchange, UpstreamClient upstream) {
    HttpFields headers = exchange.headers().asImmutable();
    return new UpstreamRequest(
        upstream,
        Calls.target(exchange.request()),
        headers,
        upstream.shown(headers, exchange.query()));
  }

  /** Returns a call that is ready to be made. */
  UpstreamCall call(byte[] body) {
    return upstream.call(
        "POST",
        target,
        ForwardedHeaders.cacheable(headers),
        HttpRequest.BodyPublishers.ofByteArray(body));
  }

  /** Returns the failure that {@code reply} is passed on as. */
  UpstreamReply.PassedOn passedOn(UpstreamReply reply) {
    return new UpstreamReply.PassedOn(reply, shown);
  }

  /** Returns whether a failure of an equal request's call is this one's, too. */
  boolean isEndedBy(Throwable failure) {
    return !UpstreamReply.PassedOn.isOfAnotherKey(failure, shown);
  }
}
