package dev.reprise.testing;

import dev.reprise.match.Matcher;
import dev.reprise.match.Wording;

/** A matcher that is its own wording. Tests implement both in one class. */
public interface WordingMatcher extends Matcher, Wording {
  @Override
  default Wording wording() {
    return this;
  }
}
