package dev.reprise.gateway.http;

import java.util.ArrayList;
import java.util.List;

/**
 * What the replies to one request's calls of the upstream take of the memory for all replies, until
 * the request was answered. A call that ends later than that gives its part back when it ends. Safe
 * for use by several threads.
 */
public final class ReplyMemory {
  private final BodyMemory memory;
  private final List<BodyMemory.Share> kept = new ArrayList<>();
  private boolean isAnswered;

  ReplyMemory(BodyMemory memory) {
    this.memory = memory;
  }

  /** Returns a share for one reply, empty at first; {@link #keep} or its close ends it. */
  public BodyMemory.Share share() {
    return memory.share();
  }

  /** Has {@code share} given back when the request was answered; now, if it was. */
  public synchronized void keep(BodyMemory.Share share) {
    if (isAnswered) {
      share.close();
    } else {
      kept.add(share);
    }
  }

  /** Gives back what is kept. */
  synchronized void answered() {
    isAnswered = true;
    kept.forEach(BodyMemory.Share::close);
    kept.clear();
  }

  /**
   * Ends a request for whose reply there is no memory now.
   *
   * @param bytes of the reply, as far as they are known
   */
  public ApiException noRoom(long bytes) {
    return memory.canHold(bytes) ? busy() : tooLarge();
  }

  private ApiException tooLarge() {
    return ApiError.ofGateway(
            502,
            "upstream_reply_too_large",
            "the reply needs more memory than the "
                + memory.most()
                + " bytes that this gateway has for replies; start it with a larger heap or"
                + " --max-reply-memory-bytes")
        .exception();
  }

  private static ApiException busy() {
    return ApiError.ofGateway(
            503,
            "gateway_busy",
            "the replies to other requests take all the memory that the gateway has for them; try"
                + " again (--max-reply-memory-bytes allows more)")
        .exception();
  }
}
