package dev.reprise.gateway.upstream;

import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.ForwardedHeaders;
import dev.reprise.gateway.http.ReplyMemory;
import dev.reprise.gateway.http.UpstreamReply;
import java.net.http.HttpRequest;
import org.eclipse.jetty.http.HttpFields;

/**
 * What the upstream is asked for one client's request, copied from it. Calls can be made after the
 * client was answered, when the server uses its request object for the next one.
 *
 * @param target path and query behind /v1
 * @param headers the client's
 * @param credential the key that the upstream sees, empty for none
 * @param replies what replies take
 */
public record UpstreamRequest(
    UpstreamClient upstream,
    String target,
    HttpFields headers,
    String credential,
    ReplyMemory replies) {

  public static UpstreamRequest of(Exchange exchange, UpstreamClient upstream) {
    HttpFields headers = exchange.headers().asImmutable();
    return new UpstreamRequest(
        upstream,
        exchange.target(),
        headers,
        upstream.credential(headers, exchange.query()),
        exchange.replies());
  }

  /** Returns a call that is ready to be made. */
  public UpstreamCall call(byte[] body) {
    return upstream.call(
        "POST",
        target,
        ForwardedHeaders.cacheable(headers),
        HttpRequest.BodyPublishers.ofByteArray(body),
        replies);
  }

  /** Returns the failure that {@code reply} is passed on as. */
  public UpstreamReply.PassedOn passedOn(UpstreamReply reply) {
    return new UpstreamReply.PassedOn(reply, credential);
  }

  /** Returns whether a failure of an equal request's call is this one's, too. */
  public boolean isEndedBy(Throwable failure) {
    return !UpstreamReply.PassedOn.isOfAnotherKey(failure, credential);
  }
}
