package dev.reprise.match;

import java.util.List;
import java.util.Optional;

/** See {@link Guard#versions}. */
final class VersionGuard {
  private VersionGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    List<Quantity> asked = pair.askedSide().quantities();
    List<Quantity> cached = pair.cachedSide().quantities();
    List<Quantity> onlyAsked = NumberGuard.missing(asked, cached);
    List<Quantity> onlyCached = NumberGuard.missing(cached, asked);
    boolean areVersions =
        onlyAsked.stream().anyMatch(Quantity::isVersion)
            || onlyCached.stream().anyMatch(Quantity::isVersion);
    return areVersions
        ? NumberGuard.difference(pair, onlyAsked, onlyCached, "version")
        : Optional.empty();
  }
}
