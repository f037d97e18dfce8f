package dev.reprise.gateway;

import java.net.http.HttpHeaders;

/** A whole answer of the upstream. Its body is not copied; nobody changes it. */
final class UpstreamReply {
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  UpstreamReply(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Returns its HTTP status. */
  int status() {
    return status;
  }

  /** Returns its headers. */
  HttpHeaders headers() {
    return headers;
  }

  /** Returns its body, as it came. */
  byte[] body() {
    return body;
  }

  /** Returns whether the upstream did what it was asked. */
  boolean isSuccess() {
    return status == 200 && headers.firstValue("content-encoding").isEmpty();
  }

  /** Ends a request with this reply as it is: an error, or what is no chat completion. */
  static final class PassedOn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient UpstreamReply reply;

    PassedOn(UpstreamReply reply) {
      super("the upstream answered with status " + reply.status());
      this.reply = reply;
    }

    UpstreamReply reply() {
      return reply;
    }
  }
}
