package dev.reprise.integration.internal;

import dev.reprise.engine.Reply;
import dev.reprise.engine.Upstream;
import dev.reprise.model.Completion;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One request's call of the model, if one is made: at temperature 0 where the engine says so, and
 * once more as it was requested where the model refuses that.
 *
 * @param <Q> the framework's request
 * @param <R> the framework's reply
 */
public final class ZeroFirstCall<Q, R> implements Upstream<R, RuntimeException> {
  private final Q request;
  private final boolean isTemperatureUnset;
  private final Function<Q, Reply<R>> ask;
  private final Temperature<Q> temperature;

  /**
   * What an integration knows of temperatures.
   *
   * @param atZero returns a request at temperature 0; empty where it cannot be made faithfully
   * @param isRefused returns whether a failure is the refusal of a temperature
   * @param refused remembers that the model takes none
   */
  public record Temperature<Q>(
      Function<Q, Optional<Q>> atZero, Predicate<Throwable> isRefused, Runnable refused) {}

  private ZeroFirstCall(
      Q request,
      boolean isTemperatureUnset,
      Function<Q, Reply<R>> ask,
      Temperature<Q> temperature) {
    this.request = request;
    this.isTemperatureUnset = isTemperatureUnset;
    this.ask = ask;
    this.temperature = temperature;
  }

  /**
   * Returns the call of one request.
   *
   * @param request what is asked
   * @param mapping what became of it
   * @param ask calls the model
   */
  public static <Q, R> ZeroFirstCall<Q, R> of(
      Q request, Mapping mapping, Function<Q, Reply<R>> ask, Temperature<Q> temperature) {
    return new ZeroFirstCall<>(request, mapping.isTemperatureUnset(), ask, temperature);
  }

  @Override
  public Reply<R> call() {
    return ask.apply(request);
  }

  @Override
  public Reply<R> call(UpstreamTemperature wanted) {
    if (wanted == UpstreamTemperature.AS_REQUESTED) {
      return call();
    }
    Optional<Q> atZero = temperature.atZero().apply(request);
    if (atZero.isEmpty()) {
      // The key says temperature 0, so this answer must not be stored.
      Reply<R> reply = call();
      return new Reply<>(reply.answer().withCompletion(Completion.OTHER), reply.own());
    }
    try {
      return ask.apply(atZero.get());
    } catch (RuntimeException e) {
      if (!temperature.isRefused().test(e)) {
        throw e;
      }
      Reply<R> reply = call();
      temperature.refused().run();
      return reply;
    }
  }

  @Override
  public boolean isEndedBy(Throwable failure) {
    return !(isTemperatureUnset && temperature.isRefused().test(failure));
  }
}
