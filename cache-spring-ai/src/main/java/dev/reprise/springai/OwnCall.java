package dev.reprise.springai;

import dev.reprise.engine.Reply;
import dev.reprise.engine.Upstream;
import dev.reprise.model.Completion;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * One request's call of the model, if one is made.
 *
 * @param <R> what is called returns it
 */
final class OwnCall<R> implements Upstream<R, RuntimeException> {
  private final Door door;
  private final Mapping mapping;
  private final Prompt prompt;
  private final Function<Prompt, R> asked;
  private final Function<R, @Nullable ChatResponse> responseOf;

  OwnCall(
      Door door,
      Mapping mapping,
      Prompt prompt,
      Function<Prompt, R> asked,
      Function<R, @Nullable ChatResponse> responseOf) {
    this.door = door;
    this.mapping = mapping;
    this.prompt = prompt;
    this.asked = asked;
    this.responseOf = responseOf;
  }

  @Override
  public Reply<R> call() {
    return ask(prompt);
  }

  @Override
  public Reply<R> call(UpstreamTemperature temperature) {
    if (temperature == UpstreamTemperature.AS_REQUESTED) {
      return ask(prompt);
    }
    Optional<Prompt> atZero = door.atZero(prompt);
    if (atZero.isEmpty()) {
      // The key says temperature 0, so this answer must not be stored.
      Reply<R> reply = ask(prompt);
      return new Reply<>(reply.answer().withCompletion(Completion.OTHER), reply.own());
    }
    try {
      return ask(atZero.get());
    } catch (RuntimeException e) {
      if (!ZeroTemperature.isRefused(e)) {
        throw e;
      }
      Reply<R> reply = ask(prompt);
      door.temperatureRefused(mapping);
      return reply;
    }
  }

  @Override
  public boolean isEndedBy(Throwable failure) {
    return !(door.isTemperatureUnset(mapping) && ZeroTemperature.isRefused(failure));
  }

  private Reply<R> ask(Prompt at) {
    R given = asked.apply(at);
    return new Reply<>(door.codec().encode(responseOf.apply(given)), given);
  }
}
