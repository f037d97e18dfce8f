package dev.reprise.curated;

import dev.reprise.model.ContentHash;
import dev.reprise.model.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * A question that a judge found to be answered by an entry. An administrator approves or rejects
 * it.
 *
 * @param entry the identifier of the entry
 * @param question the question as a user asked it
 * @param scope the scope in which it was asked
 * @param confidence the matcher's, which was too low for a hit
 * @param proposedAt when
 */
public record CuratedProposal(
    String entry, String question, Scope scope, double confidence, Instant proposedAt) {
  private static final int ID_DIGITS = 16;

  public CuratedProposal {
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(proposedAt, "proposedAt");
  }

  /** Returns what names it: the same for the same question, entry and scope. */
  public String id() {
    String named = entry + '\n' + scope.name() + '\n' + question;
    return ContentHash.of(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, ID_DIGITS);
  }
}
