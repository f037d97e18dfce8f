package dev.reprise.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.reprise.engine.TemperatureRefusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets temperature 0 on a LangChain4j request, and recognises a model that refuses it. */
final class ZeroTemperature {
  /** How many causes of an exception are looked at. */
  private static final int CAUSES = 16;

  private ZeroTemperature() {}

  /** Returns a copy with temperature 0; empty where the request's class of parameters drops it. */
  static Optional<ChatRequest> in(ChatRequest request) {
    try {
      ChatRequestParameters parameters =
          request
              .parameters()
              .overrideWith(ChatRequestParameters.builder().temperature(0.0).build());
      Double set = parameters.temperature();
      return set != null && set == 0 && parameters.getClass() == request.parameters().getClass()
          ? Optional.of(
              ChatRequest.builder().messages(request.messages()).parameters(parameters).build())
          : Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.empty();
    }
  }

  /** Returns whether the model may have failed because it takes no temperature. */
  static boolean isRefused(Throwable failure) {
    boolean isNamed = false;
    @Nullable Throwable cause = failure;
    for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof HttpException http) {
        return TemperatureRefusal.isLikely(http.statusCode(), message);
      }
      isNamed |= TemperatureRefusal.isLikely(message);
    }
    return isNamed;
  }
}
