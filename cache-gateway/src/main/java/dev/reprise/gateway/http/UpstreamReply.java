package dev.reprise.gateway.http;

import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.Set;

/** A whole answer of the upstream. Its body is not copied; nobody changes it. */
public final class UpstreamReply {
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  public UpstreamReply(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Returns its HTTP status. */
  public int status() {
    return status;
  }

  /** Returns its headers. */
  public HttpHeaders headers() {
    return headers;
  }

  /** Returns its body, as it came. */
  public byte[] body() {
    return body;
  }

  /** Returns whether the upstream did what it was asked. */
  public boolean isSuccess() {
    return status == 200 && encoding(headers).isEmpty();
  }

  /** Returns how a body with these headers is compressed; empty where it is not. */
  public static Optional<String> encoding(HttpHeaders headers) {
    return headers
        .firstValue("content-encoding")
        .map(String::strip)
        .filter(encoding -> !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity"));
  }

  /** Ends a request with this reply as it is: an error, or what is no chat completion. */
  public static final class PassedOn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the key, or what it has used up. */
    private static final Set<Integer> OF_KEY = Set.of(401, 403, 429);

    private final transient UpstreamReply reply;
    private final transient String credential;

    /**
     * @param credential the key that the upstream saw, empty for none
     */
    public PassedOn(UpstreamReply reply, String credential) {
      super("the upstream answered with status " + reply.status());
      this.reply = reply;
      this.credential = credential;
    }

    /** Returns whether {@code failure} is the upstream's word on another key than {@code key}. */
    public static boolean isOfAnotherKey(Throwable failure, String key) {
      return failure instanceof PassedOn passedOn
          && OF_KEY.contains(passedOn.reply.status())
          && !passedOn.credential.equals(key);
    }

    public UpstreamReply reply() {
      return reply;
    }
  }
}
