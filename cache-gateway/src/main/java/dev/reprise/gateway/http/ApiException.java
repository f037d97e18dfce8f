package dev.reprise.gateway.http;

import org.jspecify.annotations.Nullable;

/** Ends a request with an error that the gateway itself gives. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  public ApiException(ApiError error, @Nullable Throwable cause) {
    super(error.message(), cause);
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
