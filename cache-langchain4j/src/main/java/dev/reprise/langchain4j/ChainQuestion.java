package dev.reprise.langchain4j;

import dev.reprise.model.CacheControl;
import dev.reprise.model.JsonObject;
import dev.reprise.model.UseCase;
import dev.reprise.model.internal.Checks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question to a chain.
 *
 * @param text the question; only it is compared by meaning
 * @param inputs everything else that shapes the answer (the language, the user's role, earlier
 *     turns); part of the key
 * @param useCase the use case; part of the key
 * @param control the cache control
 */
public record ChainQuestion(String text, JsonObject inputs, UseCase useCase, CacheControl control) {
  public ChainQuestion {
    Checks.notBlank("question", Objects.requireNonNull(text, "text"));
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(useCase, "useCase");
    Objects.requireNonNull(control, "control");
  }

  /** Returns a question without inputs, for {@link UseCase#QUESTION}. */
  public static ChainQuestion of(String text) {
    return new ChainQuestion(text, JsonObject.empty(), UseCase.QUESTION, CacheControl.DEFAULT);
  }

  /** Returns a copy with one input more. */
  public ChainQuestion withInput(String name, @Nullable Object value) {
    return new ChainQuestion(text, inputs.with(name, value), useCase, control);
  }

  /** Returns a copy for another use case. */
  public ChainQuestion with(UseCase useCase) {
    return new ChainQuestion(text, inputs, useCase, control);
  }

  /** Returns a copy that asks something else of the cache. */
  public ChainQuestion with(CacheControl control) {
    return new ChainQuestion(text, inputs, useCase, control);
  }
}
