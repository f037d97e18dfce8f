package dev.reprise.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchStage;
import dev.reprise.model.Answer;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Contributor;
import dev.reprise.model.Tag;
import dev.reprise.tier.Entry;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * An entry's own tag says who stored it, so that an entry of unknown origin, or of a time before the rule, is told from one that
 * nobody else asked for yet. What is kept here is only what speaks for an entry. Where that is forgotten, because there is too much
 * of it, the entry serves exactly only until others ask again: an attacker gains nothing by a flood.
 */
/**
 * The promotion rule of shared scopes: an answer that one contributor stored serves other
 * contributors by meaning only after enough of them asked the same, or after an administrator or a
 * judge approved it. Exact hits are not limited. A hit that a verifier accepted never counts as
 * asking the same. Safe for use by several threads.
 */
final class Promotion {
  /** An answer serves others by meaning at once. */
  static final int OFF = 1;

  /** How many entries are remembered for which others spoke: {@value}. */
  static final int MOST = 50_000;

  private final int after;
  private final SharedLearning sharing;
  private final Cache<ExactKey, Support> supports = Caffeine.newBuilder().maximumSize(MOST).build();

  /** Whether the rule lets a candidate that the matcher accepts serve the one who asks. */
  enum Standing {
    /** It does, or the matcher does not accept the candidate. */
    SERVABLE,
    /** It does not. */
    WITHHELD
  }

  /**
   * What speaks for an entry.
   *
   * @param contributors who asked the same
   * @param approved the hash of the approved answer, if one was approved
   */
  private record Support(Set<Tag> contributors, @Nullable ContentHash approved) {
    static final Support NONE = new Support(Set.of(), null);
  }

  /** What a contributor asked. */
  private enum Asked {
    THE_SAME,
    SOMETHING_NEAR
  }

  /**
   * @param after how many contributors must have asked the same, the one who stored the answer
   *     included; {@link #OFF} for no rule
   */
  Promotion(int after, SharedLearning sharing) {
    this.after = after;
    this.sharing = sharing;
  }

  /** Returns whether {@code entry} may not serve {@code asker} by meaning yet. */
  boolean isWithheld(Entry entry, @Nullable Contributor asker) {
    return objection(entry, asker, Asked.SOMETHING_NEAR).isPresent();
  }

  /**
   * Returns what becomes of a candidate that the matcher explained: it is rejected if the matcher
   * accepts it and the rule does not.
   */
  MatchExplanation limit(Entry entry, @Nullable Contributor asker, MatchExplanation match) {
    if (match.decision() instanceof MatchDecision.Reject) {
      return match;
    }
    Asked asked = match.isSameWording() ? Asked.THE_SAME : Asked.SOMETHING_NEAR;
    return objection(entry, asker, asked)
        .map(why -> match.rejectedBy(MatchStage.PROMOTION, why))
        .orElse(match);
  }

  /** Returns whether the rule lets a candidate with the explanation {@code match} serve. */
  static Standing standing(MatchExplanation match) {
    return match.decision() instanceof MatchDecision.Reject reject
            && reject.stage() == MatchStage.PROMOTION
        ? Standing.WITHHELD
        : Standing.SERVABLE;
  }

  private Optional<String> objection(Entry entry, @Nullable Contributor asker, Asked asked) {
    Tag storer = after == OFF || asker == null ? null : storer(entry);
    if (asker == null || storer == null) {
      return Optional.empty();
    }
    Tag own = Tag.contributor(asker);
    Support support = support(entry.key());
    if (storer.equals(own)
        || (support.approved() != null && support.approved().equals(hash(entry.answer())))) {
      return Optional.empty();
    }
    Set<Tag> all = new HashSet<>(support.contributors());
    all.add(storer);
    if (asked == Asked.THE_SAME) {
      all.add(own);
    }
    return all.size() >= after
        ? Optional.empty()
        : Optional.of(
            "not promoted: "
                + all.size()
                + " of "
                + after
                + " contributors of this scope asked the same, and nobody approved the answer");
  }

  /** Takes in that {@code asker} asked the same as {@code entry} answers. */
  void asked(Entry entry, @Nullable Contributor asker) {
    Tag storer = after == OFF || asker == null ? null : storer(entry);
    if (asker != null
        && storer != null
        && !storer.equals(Tag.contributor(asker))
        && entry.question() instanceof Question.Semantic) {
      asked(entry.key(), asker);
    }
  }

  /** Takes in that {@code asker} sent the request whose answer is stored under {@code entry}. */
  void asked(ExactKey entry, @Nullable Contributor asker) {
    if (after == OFF || asker == null) {
      return;
    }
    Tag own = Tag.contributor(asker);
    Set<Tag> known = support(entry).contributors();
    if (!known.contains(own) && known.size() < after) {
      change(new PromotionChange.Asked(entry, own));
    }
  }

  /** Takes in that an administrator or a judge approved the answer of {@code entry}. */
  void approve(Entry entry) {
    change(new PromotionChange.Approved(entry.key(), hash(entry.answer())));
  }

  /**
   * Takes in that {@code judge} confirmed a candidate's answer. It counts only if another
   * contributor asked: two questions of an attacker's own may well have the same wrong answer.
   */
  void confirmed(Learner.Considered candidate, AnswerJudge judge) {
    if (candidate.standing() == Standing.WITHHELD && judge.canApprove()) {
      approve(candidate.entry());
    }
  }

  /** Takes in that the answer of {@code entry} was reported as wrong. */
  void withdraw(ExactKey entry) {
    if (supports.getIfPresent(entry) != null) {
      change(new PromotionChange.Withdrawn(entry));
    }
  }

  private void change(PromotionChange change) {
    changed(change);
    sharing.promoted(change);
  }

  /** Takes over what another process, or an earlier one, took in. */
  void changed(PromotionChange change) {
    if (change instanceof PromotionChange.Asked asked) {
      supports.asMap().merge(asked.entry(), supportOf(asked.contributor()), this::sum);
    } else if (change instanceof PromotionChange.Approved approved) {
      supports.asMap().merge(approved.entry(), new Support(Set.of(), approved.answer()), this::sum);
    } else {
      supports.invalidate(change.entry());
    }
  }

  private static Support supportOf(Tag contributor) {
    return new Support(Set.of(contributor), null);
  }

  private Support sum(Support before, Support more) {
    Set<Tag> all = before.contributors();
    if (all.size() < after && !all.containsAll(more.contributors())) {
      all = new HashSet<>(all);
      all.addAll(more.contributors());
    }
    return new Support(
        Set.copyOf(all), more.approved() == null ? before.approved() : more.approved());
  }

  private Support support(ExactKey entry) {
    Support known = supports.getIfPresent(entry);
    return known == null ? Support.NONE : known;
  }

  /** Returns who stored {@code entry}; null if it is unknown, or of a time before the rule. */
  private static @Nullable Tag storer(Entry entry) {
    for (Tag tag : entry.tags()) {
      if (tag.isContributor()) {
        return tag;
      }
    }
    return null;
  }

  /** Returns the hash of what is served. */
  private static ContentHash hash(Answer answer) {
    return ContentHash.of(answer.payload().getBytes(StandardCharsets.UTF_8));
  }
}
