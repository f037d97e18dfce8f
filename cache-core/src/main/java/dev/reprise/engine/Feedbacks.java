package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import java.util.Optional;

/** Takes what the application says of answers that it was served. */
final class Feedbacks {
  private final EngineTiers tiers;
  private final WriteBack writeBack;
  private final Learner learner;
  private final Promotion promotion;
  private final ConversationContext context;
  private final CuratedSearch curated;

  Feedbacks(
      EngineTiers tiers,
      WriteBack writeBack,
      Learner learner,
      Promotion promotion,
      ConversationContext context,
      CuratedSearch curated) {
    this.tiers = tiers;
    this.writeBack = writeBack;
    this.learner = learner;
    this.promotion = promotion;
    this.context = context;
    this.curated = curated;
  }

  /** See {@link CacheEngine#feedback(dev.reprise.model.CacheRequest, ExactKey, Feedback)}. */
  boolean accept(Lookup lookup, ExactKey entry, Feedback feedback) {
    Optional<Boolean> ofCurated = curated.feedback(lookup.request(), entry, feedback);
    if (ofCurated.isPresent()) {
      return ofCurated.get();
    }
    if (lookup.key().equals(entry)) {
      if (feedback == Feedback.RIGHT) {
        return tiers.exact().fetch(entry).isPresent();
      }
      promotion.withdraw(entry);
      return writeBack.remove(entry);
    }
    if (!(lookup.question() instanceof Question.Semantic asked)) {
      return false;
    }
    Optional<Entry> stored = tiers.exact().fetch(entry).map(ExactTier.Fetched::entry);
    boolean isKnown;
    if (stored.isPresent()
        && stored.get().question() instanceof Question.Semantic cached
        && cached.fingerprint().equals(asked.fingerprint())) {
      isKnown =
          learner.feedback(
              lookup.request().scope(), asked.text(), stored.get(), cached.text(), feedback);
    } else {
      // It is gone, or the conversation that it was served in is not known any more.
      isKnown = learner.feedback(entry, lookup.request().scope(), asked.text(), feedback);
    }
    if (feedback == Feedback.WRONG) {
      context.forget(entry);
    }
    return isKnown;
  }

  /** See {@link CacheEngine#feedback(ExactKey, Feedback)}. */
  boolean accept(ExactKey entry, Feedback feedback) {
    boolean isRemembered = learner.feedback(entry, feedback);
    if (feedback == Feedback.RIGHT) {
      return isRemembered || tiers.exact().fetch(entry).isPresent();
    }
    context.forget(entry);
    promotion.withdraw(entry);
    boolean isRecorded = learner.reportWrong(entry);
    boolean wasRemoved = writeBack.remove(entry);
    return isRecorded && (wasRemoved || isRemembered);
  }

  /** See {@link CacheEngine#approve}. */
  boolean approve(ExactKey entry) {
    Optional<Entry> stored = tiers.exact().fetch(entry).map(ExactTier.Fetched::entry);
    stored.ifPresent(promotion::approve);
    return stored.isPresent();
  }
}
