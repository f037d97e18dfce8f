package dev.reprise.gateway.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.TemperatureRefusal;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamRequest;
import dev.reprise.policy.UpstreamTemperature;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/*
 * The cache asks for two things that the client does not: temperature 0, so that what is stored is deterministic, and usage at the
 * end of a stream, so that it can be served to one who asks for it. An upstream that refuses one of them is asked once more without
 * it; only where that is taken is the refusal believed.
 */
/**
 * The attempts at one upstream call. Where the upstream refuses something that the client did not
 * ask for, the next attempt leaves it out.
 *
 * @param protocol what bodies look like
 * @param bytes the body as it came
 * @param body the same, read
 * @param extra whether the first attempt asks for usage in a stream
 * @param calls creates a call with a body
 * @param refused runs where the model refuses a temperature
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"}) // the same object was not changed
public record UpstreamAttempts(
    Protocol protocol,
    byte[] bytes,
    ObjectNode body,
    Extra extra,
    Function<byte[], UpstreamCall> calls,
    Runnable refused) {

  /**
   * One attempt.
   *
   * @param temperature the temperature to ask for
   * @param usage whether it asks for usage in a stream, which the client may not do
   * @param isAfterRefusal whether the upstream refused a temperature before
   */
  public record Attempt(UpstreamTemperature temperature, Extra usage, boolean isAfterRefusal) {}

  /** Whether an attempt asks for usage. */
  public enum Extra {
    ASKED,
    LEFT_OUT
  }

  /** Returns the first attempt. */
  public Attempt first(UpstreamTemperature temperature) {
    return new Attempt(temperature, extra, false);
  }

  /** Returns the call of an attempt, ready to be made. */
  public UpstreamCall call(Attempt attempt) {
    ObjectNode asked = body;
    if (attempt.temperature() == UpstreamTemperature.ZERO) {
      asked = protocol.atZero(asked);
    }
    if (attempt.usage() == Extra.ASKED) {
      asked = protocol.upstreamBody(asked);
    }
    // What nobody changed is sent as it came, byte by byte.
    return calls.apply(asked == body ? bytes : Json.bytes(asked));
  }

  /** Returns the next attempt after {@code reply}, which is an error; empty to give up. */
  public Optional<Attempt> after(Attempt attempt, UpstreamReply reply) {
    if (attempt.usage() == Extra.ASKED
        && protocol.upstreamBody(body) != body
        && StreamRequest.isRefused(reply)) {
      return Optional.of(
          new Attempt(attempt.temperature(), Extra.LEFT_OUT, attempt.isAfterRefusal()));
    }
    String text = new String(reply.body(), StandardCharsets.UTF_8);
    return attempt.temperature() == UpstreamTemperature.ZERO
            && TemperatureRefusal.isLikely(reply.status(), text)
        ? Optional.of(new Attempt(UpstreamTemperature.AS_REQUESTED, attempt.usage(), true))
        : Optional.empty();
  }

  /** Records that the upstream accepted {@code attempt}. */
  public void accepted(Attempt attempt) {
    if (attempt.isAfterRefusal()) {
      refused.run();
    }
  }
}
