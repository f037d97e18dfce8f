package dev.reprise.policy;

import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** Whether a fresh answer is stored. */
public sealed interface Admission {

  /**
   * It is stored.
   *
   * @param timeToLive for how long; longer than zero
   * @param tags under which names it can be invalidated, its documents' included
   */
  record Store(Duration timeToLive, Set<Tag> tags) implements Admission {
    public Store {
      Objects.requireNonNull(timeToLive, "timeToLive");
      Objects.requireNonNull(tags, "tags");
      Checks.positive("time to live", timeToLive);
      tags = Set.copyOf(tags);
    }
  }

  /**
   * It is not stored.
   *
   * @param reason why
   */
  record Skip(Reason reason) implements Admission {
    public Skip {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
