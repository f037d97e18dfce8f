package dev.reprise.curated;

import dev.reprise.model.Scope;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Another wording of an entry's question that was approved later. It outlives imports, as long as
 * the set has an entry with that identifier.
 *
 * @param entry the identifier of the entry
 * @param text the wording
 * @param scope the scope in which it counts; empty for all scopes of the entry
 * @param approvedBy who approved it
 * @param approvedAt when
 */
public record CuratedAlias(
    String entry, String text, Optional<Scope> scope, String approvedBy, Instant approvedAt) {
  /** Who approved what the judge adopted by itself: {@value}. */
  public static final String JUDGE = "judge";

  public CuratedAlias {
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(approvedBy, "approvedBy");
    Objects.requireNonNull(approvedAt, "approvedAt");
  }
}
