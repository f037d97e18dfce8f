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
 * Asks the upstream for one request, and once more for less where it refuses what the client did
 * not ask for.
 *
 * @param protocol what bodies look like
 * @param bytes the body as it came
 * @param body the same, read
 * @param extra whether a stream shall tell what it cost, though the client does not ask for that
 * @param calls makes a call with a body
 * @param refused is run where the model takes no temperature
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"}) // the same object was not changed
public record Asking(
    Protocol protocol,
    byte[] bytes,
    ObjectNode body,
    Extra extra,
    Function<byte[], UpstreamCall> calls,
    Runnable refused) {

  /**
   * What the upstream is asked for.
   *
   * @param temperature at which temperature
   * @param usage whether a stream shall tell what it cost, though the client does not ask for that
   * @param isAfterRefusal whether a temperature was refused before
   */
  public record Wish(UpstreamTemperature temperature, Extra usage, boolean isAfterRefusal) {}

  /** Whether something is asked for that the client does not ask for. */
  public enum Extra {
    ASKED,
    LEFT_OUT
  }

  /** Returns what is asked for first. */
  public Wish first(UpstreamTemperature temperature) {
    return new Wish(temperature, extra, false);
  }

  /** Returns the call. */
  public UpstreamCall call(Wish wish) {
    ObjectNode asked = body;
    if (wish.temperature() == UpstreamTemperature.ZERO) {
      asked = protocol.atZero(asked);
    }
    if (wish.usage() == Extra.ASKED) {
      asked = protocol.asking(asked);
    }
    // What nobody changed is sent as it came, byte by byte.
    return calls.apply(asked == body ? bytes : Json.bytes(asked));
  }

  /** Returns what to ask for after {@code reply}, which is no answer; empty to give up. */
  public Optional<Wish> after(Wish wish, UpstreamReply reply) {
    if (wish.usage() == Extra.ASKED
        && protocol.asking(body) != body
        && StreamRequest.isRefused(reply)) {
      return Optional.of(new Wish(wish.temperature(), Extra.LEFT_OUT, wish.isAfterRefusal()));
    }
    String text = new String(reply.body(), StandardCharsets.UTF_8);
    return wish.temperature() == UpstreamTemperature.ZERO
            && TemperatureRefusal.isLikely(reply.status(), text)
        ? Optional.of(new Wish(UpstreamTemperature.AS_REQUESTED, wish.usage(), true))
        : Optional.empty();
  }

  /** Learns that the upstream took {@code wish}. */
  public void accepted(Wish wish) {
    if (wish.isAfterRefusal()) {
      refused.run();
    }
  }
}
