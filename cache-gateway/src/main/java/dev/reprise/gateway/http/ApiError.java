package dev.reprise.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An error in the shape that OpenAI's clients read: {@code {"error":{"message","type","param",
 * "code"}}}.
 *
 * @param status the HTTP status
 * @param message what is wrong and what to do about it
 * @param type "invalid_request_error" where the client can mend it, else "gateway_error"
 * @param code what programs tell errors apart by
 */
public record ApiError(int status, String message, String type, String code) {

  /** Returns an error that the client can mend. */
  public static ApiError ofClient(int status, String code, String message) {
    return new ApiError(status, message, "invalid_request_error", code);
  }

  /** Returns the refusal of a request that cannot be understood. */
  public static ApiException invalid(String message) {
    return ofClient(400, "invalid_request", message).exception();
  }

  /** Returns an error that the client cannot mend. */
  public static ApiError ofGateway(int status, String code, String message) {
    return new ApiError(status, message, "gateway_error", code);
  }

  /** Returns the body. */
  public byte[] body() {
    ObjectNode error = Json.object();
    error.put("message", message);
    error.put("type", type);
    error.putNull("param");
    error.put("code", code);
    ObjectNode body = Json.object();
    body.set("error", error);
    return Json.bytes(body);
  }

  /** Returns an exception that carries it. */
  public ApiException exception() {
    return new ApiException(this, null);
  }
}
