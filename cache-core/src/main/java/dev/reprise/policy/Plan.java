package dev.reprise.policy;

import dev.reprise.model.Reason;
import java.time.Duration;
import java.util.Objects;

/** What is done with a request, decided before anything is looked up. */
public sealed interface Plan {

  /**
   * The upstream is called; nothing is looked up and nothing stored.
   *
   * @param reason why
   */
  record Bypass(Reason reason) implements Plan {
    public Bypass {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The exact tier is asked.
   *
   * @param terms how
   */
  record ExactOnly(Terms terms) implements Plan {
    public ExactOnly {
      Objects.requireNonNull(terms, "terms");
    }
  }

  /**
   * The exact tier is asked, then the semantic tier.
   *
   * @param terms how
   */
  record ExactThenSemantic(Terms terms) implements Plan {
    public ExactThenSemantic {
      Objects.requireNonNull(terms, "terms");
    }
  }

  /**
   * What the caller and the use case allow.
   *
   * @param reading whether to look up
   * @param writing whether to store a fresh answer
   * @param onMiss what to do where nothing is found
   * @param maximumAge serve no answer that is older
   * @param temperature at which temperature the model is asked. With {@link
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

    /** Terms under which the model is asked {@link UpstreamTemperature#AS_REQUESTED}. */
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
