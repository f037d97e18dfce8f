package dev.reprise.gateway;

import dev.reprise.gateway.http.ApiError;

/** Says that only a cached answer was wanted, and there is none. */
final class NotCached {
  private NotCached() {}

  /** Returns the error (504, as RFC 9111 wants it for only-if-cached). */
  static ApiError error() {
    return ApiError.ofClient(
        504,
        "not_cached",
        "the request says Cache-Control: only-if-cached, and no cached answer may be given to it;"
            + " leave the directive out to have the model asked");
  }
}
