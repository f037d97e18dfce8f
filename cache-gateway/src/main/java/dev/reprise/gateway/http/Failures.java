package dev.reprise.gateway.http;

import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends requests that failed. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Tells the client of {@code cause}: what the upstream said as it is, else an error. */
  public static void answer(Exchange exchange, Throwable cause) {
    if (cause instanceof UpstreamReply.PassedOn passedOn) {
      exchange.reply(passedOn.reply(), OutcomeHeaders.passedOn(passedOn.reply()));
    } else if (cause instanceof ApiException own) {
      exchange.error(own.error());
    } else if (cause instanceof CancellationException) {
      exchange.breakOff(cause);
    } else {
      LOG.error("The gateway failed; this is a defect of Reprise", cause);
      exchange.error(
          ApiError.ofGateway(
              500, "gateway_defect", "the gateway failed: " + cause.getClass().getSimpleName()));
    }
  }
}
