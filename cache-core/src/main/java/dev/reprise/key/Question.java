package dev.reprise.key;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/** What of a request can be compared by meaning. */
public sealed interface Question {

  /**
   * The request ends with a user's text.
   *
   * @param fingerprint what must be equal
   * @param text the final user text, several parts joined by line feeds; not blank
   */
  record Semantic(Fingerprint fingerprint, String text) implements Question {
    public Semantic {
      Objects.requireNonNull(fingerprint, "fingerprint");
      Objects.requireNonNull(text, "text");
      Checks.notBlank("question", text);
    }
  }

  /**
   * The request can be matched exactly only.
   *
   * @param why for people
   */
  record ExactOnly(String why) implements Question {
    public ExactOnly {
      Objects.requireNonNull(why, "why");
    }
  }
}
