package dev.reprise.policy;

import dev.reprise.model.Reason;
import java.time.Duration;
import java.util.Objects;

/** How a request is handled, decided before the lookup. */
public sealed interface Plan {

  /**
   * The upstream is called. Nothing is looked up or stored.
   *
   * @param reason the reason
   */
  record Bypass(Reason reason) implements Plan {
    public Bypass {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The request is looked up in the exact tier.
   *
   * @param terms the terms of the lookup
   */
  record ExactOnly(Terms terms) implements Plan {
    public ExactOnly {
      Objects.requireNonNull(terms, "terms");
    }
  }

  /**
   * The request is looked up in the exact tier, then in the semantic tier.
   *
   * @param terms the terms of the lookup
   */
  record ExactThenSemantic(Terms terms) implements Plan {
    public ExactThenSemantic {
      Objects.requireNonNull(terms, "terms");
    }
  }

  /**
   * The terms set by the caller and the use case.
   *
   * @param reading whether to look up
   * @param writing whether to store a fresh answer
   * @param onMiss what to do on a miss
   * @param maximumAge the highest age of an answer that is served
   * @param temperature the temperature at which the model is called. With {@link
   *     UpstreamTemperature#ZERO} the key is that of the same request with temperature 0
   */
  record Terms(
      Reading reading,
      Writing writing,
      OnMiss onMiss,
      Duration maximumAge,
      UpstreamTemperature temperature) {
    public Terms {
      Objects.requireNonNull(reading, "reading");
      Objects.requireNonNull(writing, "writing");
      Objects.requireNonNull(onMiss, "onMiss");
      Objects.requireNonNull(maximumAge, "maximumAge");
      Objects.requireNonNull(temperature, "temperature");
    }

    /** Terms with the temperature {@link UpstreamTemperature#AS_REQUESTED}. */
    public Terms(Reading reading, Writing writing, OnMiss onMiss, Duration maximumAge) {
      this(reading, writing, onMiss, maximumAge, UpstreamTemperature.AS_REQUESTED);
    }

    /** Returns the same terms for a model that refuses a temperature. */
    public Terms asRequested() {
      return new Terms(reading, writing, onMiss, maximumAge);
    }
  }

  /** Whether to look up. */
  enum Reading {
    LOOK_UP,
    SKIP
  }

  /** Whether to store a fresh answer. */
  enum Writing {
    STORE,
    SKIP
  }

  /** What to do where nothing is found. */
  enum OnMiss {
    CALL_UPSTREAM,
    REPORT
  }
}
