package dev.reprise.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/*
 * A follow-up ("and for children?") is compared by meaning only with what was asked in the same conversation so far: all earlier
 * messages are part of its fingerprint. But two users who began in other words and were given the very same cached answer are in
 * the same conversation, and an exact history would never let them meet. So an earlier turn is named by what answered it: the
 * context and the question of the entry that was served, and its answer, word for word. That entry's own context is named in the
 * same way, so that only the last turn has to be looked at, however long the conversation is.
 */
/**
 * Knows which cached question the turns of a conversation were answered by, so that follow-ups of
 * the same question meet. Safe for use by several threads.
 */
final class ConversationContext {
  /** How many turns that were answered by meaning are remembered: {@value}. */
  static final int MOST = 10_000;

  private static final Duration STAY = Duration.ofHours(24);

  private final ExactTier exact;
  private final SharedLearning sharing;
  private final Learner learner;
  private final Cache<ExactKey, Turn> byMeaning =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(STAY).build();

  /**
   * A turn.
   *
   * @param entry the key of the entry that answered it
   * @param question that it is taken for
   * @param answer of the entry
   * @param given what the user was given: the same but in shadow mode
   */
  private record Turn(ExactKey entry, Question.Semantic question, String answer, String given) {}

  /** By request, the entry that answered it, in another process or in an earlier one. */
  private final Cache<ExactKey, ExactKey> elsewhere =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(STAY).build();

  ConversationContext(ExactTier exact, SharedLearning sharing, Learner learner) {
    this.exact = exact;
    this.sharing = sharing;
    this.learner = learner;
  }

  /** Another process answered a request with an entry for another question. */
  void answeredElsewhere(ExactKey request, ExactKey entry) {
    elsewhere.put(request, entry);
  }

  /**
   * A request was answered by meaning, or would have been.
   *
   * @param key its exact key
   * @param entry that was served, or would have been
   * @param given the answer that the user was given
   */
  void answered(ExactKey key, Entry entry, String given) {
    if (entry.question() instanceof Question.Semantic question) {
      byMeaning.put(key, new Turn(entry.key(), question, entry.answer().text(), given));
      if (given.equals(entry.answer().text())) {
        sharing.answered(key, entry.key());
      }
    }
  }

  /** The answers of {@code entry} to other questions were wrong: those turns were not its own. */
  void forget(ExactKey entry) {
    byMeaning.asMap().values().removeIf(turn -> turn.entry().equals(entry));
    elsewhere.asMap().values().removeIf(entry::equals);
  }

  /** Returns {@code question}, in the conversation that {@code request} is a follow-up in. */
  Question.Semantic inContext(CacheRequest request, Question.Semantic question) {
    List<Message> messages = request.messages();
    int last = messages.size() - 1;
    if (last < 2
        || !isPlain(messages.get(last), Role.USER)
        || !isPlain(messages.get(last - 1), Role.ASSISTANT)
        || messages.get(last - 2).role() != Role.USER) {
      return question;
    }
    CacheRequest before = request.withMessages(messages.subList(0, last - 1));
    String answer = ((Part.Text) messages.get(last - 1).parts().get(0)).text();
    return turn(before, answer)
        .map(
            turn ->
                new Question.Semantic(
                    Canonicalizer.followUp(turn.question(), turn.answer()), question.text()))
        .orElse(question);
  }

  private Optional<Turn> turn(CacheRequest request, String answer) {
    ExactKey key = Canonicalizer.exactKey(request);
    return Optional.ofNullable(byMeaning.getIfPresent(key))
        .filter(turn -> turn.given().equals(answer))
        .or(() -> elsewhere(request, key).filter(turn -> turn.given().equals(answer)))
        .or(() -> stored(key).filter(turn -> turn.given().equals(answer)));
  }

  /** Returns the turn that another process answered, unless that was reported as wrong. */
  private Optional<Turn> elsewhere(CacheRequest request, ExactKey key) {
    ExactKey entry = elsewhere.getIfPresent(key);
    return entry == null
        ? Optional.empty()
        : stored(entry)
            .filter(
                turn ->
                    Canonicalizer.question(request) instanceof Question.Semantic asked
                        && !learner.isReported(
                            request.scope(), asked.text(), turn.question().text()));
  }

  private Optional<Turn> stored(ExactKey key) {
    return exact
        .fetch(key)
        .map(ExactTier.Fetched::entry)
        .filter(entry -> entry.question() instanceof Question.Semantic)
        .map(
            entry -> {
              String text = entry.answer().text();
              return new Turn(key, (Question.Semantic) entry.question(), text, text);
            });
  }

  /** Returns whether a message is one text and nothing else. */
  private static boolean isPlain(Message message, Role role) {
    return message.role() == role
        && message.attributes().values().isEmpty()
        && message.parts().size() == 1
        && message.parts().get(0) instanceof Part.Text text
        && text.attributes().values().isEmpty();
  }
}
