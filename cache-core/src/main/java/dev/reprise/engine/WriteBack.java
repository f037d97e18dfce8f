package dev.reprise.engine;

import dev.reprise.embed.Vector;
import dev.reprise.engine.SearchTrace.Embedded;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.policy.Admission;
import dev.reprise.policy.Plan;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.RemovalListener;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.StoreResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * The payload is stored at once, its row in the background. What was not taken is not lost: an answer that a tier did not take is
 * kept and written when the tier answers again, and a row that was dropped is made from its entry later, both within a bound.
 */
/** Stores fresh answers, if the policy admits them. Safe for use by several threads. */
final class WriteBack {
  /** How many dropped rows are made up later at most: {@value}. */
  static final int OWED_ROWS = 50_000;

  /** How many answers are kept for a tier that did not take them: {@value}. */
  static final int OWED_ENTRIES = 1_000;

  private static final long OWED_CHARACTERS = 8L << 20;

  /** Among how many of the nearest rows an entry's own is looked for. */
  private static final int EQUAL_ROWS = 10;

  /** An entry that is kept for ever expires in a hundred years. */
  private static final Duration LONGEST_STAY = Duration.ofDays(36_500);

  /** Where the question of an entry is compared whose scope nobody knows any more. */
  private static final Scope UNKNOWN_SCOPE = Scope.of("restored");

  private final EngineTiers tiers;
  private final SemanticSearch search;
  private final GuardedMatcher matcher;
  private final Learner learner;
  private final CuratedJudge curated;
  private final WriteBehind writeBehind;
  private final InstantSource clock;
  private final EventHub events;
  private final InvalidationLog invalidations = new InvalidationLog();
  private final OwedRows owedRows = new OwedRows(OWED_ROWS);
  private final KnownRows knownRows;
  private final OwedEntries owedEntries = new OwedEntries(OWED_ENTRIES, OWED_CHARACTERS);

  WriteBack(
      EngineTiers tiers,
      SemanticSearch search,
      GuardedMatcher matcher,
      Learner learner,
      CuratedJudge curated,
      WriteBehind writeBehind,
      CacheEngineBuilder<?> options,
      EventHub events) {
    this.tiers = tiers;
    this.search = search;
    this.matcher = matcher;
    this.learner = learner;
    this.curated = curated;
    this.writeBehind = writeBehind;
    this.clock = options.clock;
    this.events = events;
    this.knownRows = new KnownRows(options.nanoseconds);
    tiers.exact().listen(new ElsewhereRemoved());
  }

  /** Returns the present moment, to be passed to {@link #write} with the answer of a call. */
  Began now() {
    return new Began(invalidations.now(), tiers.exact().begin());
  }

  /**
   * Stores a fresh answer, if the policy admits it and live mode would have asked for it.
   *
   * @param began when its call began
   */
  Admission write(Lookup lookup, Answer answer, Duration upstreamTime, Began began) {
    Admission admission = admit(lookup, answer, began);
    if (admission instanceof Admission.Store store) {
      try {
        admission = store(lookup, answer, upstreamTime, began, store);
      } catch (Throwable e) {
        events.trouble("store", e);
        admission = skip(Reason.Code.UNAVAILABLE, "it could not be stored");
      }
      lookup.watch().lap(Stage.STORE);
    }
    if (admission instanceof Admission.Skip skip) {
      events.emit(new CacheEvent.NotStored(skip.reason()));
    }
    return admission;
  }

  private Admission admit(Lookup lookup, Answer answer, Began began) {
    if (lookup.withheld().isPresent()) {
      return skip(
          Reason.Code.SHADOW, "live mode would have served a stored answer, which stays stored");
    }
    Planned.Cached planned = lookup.planned();
    if (planned.terms().writing() == Plan.Writing.SKIP) {
      return skip(Reason.Code.NO_STORE, "the caller asked for no-store");
    }
    try {
      Admission admission = planned.policy().admit(planned.request(), answer, clock.instant());
      if (admission instanceof Admission.Store store
          && invalidations.anySince(began.moment(), store.tags())) {
        return invalidated();
      }
      return admission;
    } catch (Throwable e) {
      events.trouble("policy", e);
      return skip(Reason.Code.RULE, "the policy failed: " + e.getClass().getName());
    }
  }

  private Admission store(
      Lookup lookup, Answer answer, Duration upstreamTime, Began began, Admission.Store store) {
    Instant now = clock.instant();
    Entry entry =
        new Entry(
            lookup.key(),
            lookup.question(),
            answer,
            upstreamTime,
            lookup.request().model(),
            now,
            now.plus(stay(store.timeToLive())),
            tags(store, lookup.request().control().contributor()));
    StoreResult taken = tiers.exact().tryStore(entry, began.beginning());
    if (taken == StoreResult.REFUSED) {
      return invalidated();
    }
    if (taken == StoreResult.UNAVAILABLE) {
      boolean isKept = owedEntries.add(new OwedEntries.Owed(entry, began));
      return skip(
          Reason.Code.UNAVAILABLE,
          isKept
              ? "a tier did not take it; it is written when the tier answers again"
              : "a tier did not take it");
    }
    owedEntries.forget(entry.key());
    if (invalidations.anySince(began.moment(), entry.tags())) {
      // The invalidation may have passed between the policy's answer and the tier's.
      tiers.exact().remove(entry.key());
      return invalidated();
    }
    events.emit(new CacheEvent.Stored(entry.key()));
    lookup.trace().missedBy().ifPresent(surest -> learner.answered(surest, answer));
    lookup
        .trace()
        .curated()
        .surest()
        .ifPresent(missed -> curated.answered(missed, lookup.request().scope(), answer));
    if (lookup.isByMeaning() && entry.question() instanceof Question.Semantic question) {
      storeRow(entry, question, lookup.request(), lookup.trace().embedded());
    }
    return store;
  }

  /** Returns the policy's tags and that of the contributor, and no other contributor's. */
  private static Set<Tag> tags(Admission.Store store, @Nullable Contributor contributor) {
    Set<Tag> tags = new HashSet<>(store.tags());
    tags.removeIf(Tag::isContributor);
    if (contributor != null) {
      tags.add(Tag.contributor(contributor));
    }
    return tags;
  }

  /** Returns {@code timeToLive}, or the longest one that every tier can count with. */
  private static Duration stay(Duration timeToLive) {
    return timeToLive.compareTo(LONGEST_STAY) < 0 ? timeToLive : LONGEST_STAY;
  }

  /** Stores an entry, whenever it began. Returns whether every exact tier took it. */
  private boolean isTaken(Entry entry) {
    return tiers.exact().tryStore(entry) != StoreResult.UNAVAILABLE;
  }

  private static Admission skip(Reason.Code code, String detail) {
    return new Admission.Skip(new Reason(code, detail));
  }

  private static Admission invalidated() {
    return skip(Reason.Code.INVALIDATED, "one of its tags was invalidated while it was made");
  }

  private void storeRow(
      Entry entry, Question.Semantic question, CacheRequest request, Optional<Embedded> embedded) {
    if (tiers.semantic() == null || (embedded.isPresent() && embedded.get().vector().isEmpty())) {
      // It was embedded without success: too long for the embedder, or the embedder is in trouble.
      return;
    }
    Scope scope = request.scope();
    String context = RequestTexts.besides(question, request);
    if (!writeBehind.offer(() -> writeRow(entry, question, scope, context, embedded))) {
      dropped(entry.key());
    }
  }

  /** Teaches the matcher an entry's answer, and writes the row. On the write-behind thread. */
  private void writeRow(
      Entry entry,
      Question.Semantic question,
      Scope scope,
      String context,
      Optional<Embedded> embedded) {
    learner.learned(matcher.learnFrom(scope, question.text(), entry.answer(), context));
    // Where the answer taught the matcher something, another form is compared than was searched.
    Optional<Vector> vector = search.embedAgain(scope, question.text(), embedded).vector();
    if (vector.isPresent() && !isRowTaken(entry, question, vector.get())) {
      dropped(entry.key());
    }
  }

  private boolean isRowTaken(Entry entry, Question.Semantic question, Vector vector) {
    GuardedSemanticTier tier = tiers.semantic();
    boolean isTaken =
        tier != null
            && tier.store(
                new SemanticRow(entry.key(), question.fingerprint(), vector, entry.expiresAt()));
    if (isTaken) {
      knownRows.add(entry.key());
    }
    return isTaken;
  }

  /**
   * Looks in the background whether an entry that was just hit exactly has its row, and stores it
   * if not: rows that were dropped before a restart, or beyond what is owed, come back as their
   * entries are asked for. At most ten a second, and only while the queue has room.
   */
  void hitExactly(Entry entry, Lookup lookup) {
    GuardedSemanticTier semantic = tiers.semantic();
    if (semantic == null
        || !lookup.isByMeaning()
        || knownRows.has(entry.key())
        || !(entry.question() instanceof Question.Semantic question)
        || !semantic.isAsked()
        || !semantic.isWritable()
        || !writeBehind.isHalfEmpty()
        || !knownRows.mayLookFor(entry.key())) {
      return;
    }
    Scope scope = lookup.request().scope();
    if (!writeBehind.offer(() -> storeMissingRow(semantic, entry, question, scope))) {
      knownRows.remove(entry.key());
    }
  }

  private void storeMissingRow(
      GuardedSemanticTier semantic, Entry entry, Question.Semantic question, Scope scope) {
    Optional<Vector> vector = search.embed(scope, question.text()).vector();
    if (vector.isEmpty()) {
      return;
    }
    Optional<List<Neighbour>> nearest =
        semantic.search(question.fingerprint(), vector.get(), EQUAL_ROWS);
    if (nearest.isEmpty()) {
      knownRows.remove(entry.key());
      return;
    }
    boolean isThere = nearest.get().stream().anyMatch(row -> row.pointer().equals(entry.key()));
    if (!isThere && !isRowTaken(entry, question, vector.get())) {
      dropped(entry.key());
    }
  }

  /** Has rows looked for again that were found before. */
  void forgetKnownRows() {
    knownRows.forgetAll();
  }

  private void dropped(ExactKey key) {
    knownRows.remove(key);
    owedRows.add(key);
    events.emit(new CacheEvent.WriteDropped(key));
  }

  /**
   * Stores an entry that an earlier process wrote down.
   *
   * @param patience how long a full queue of writes is waited for
   * @return false if it was not stored: it is expired, or a tier did not take it
   */
  boolean restore(Entry entry, Duration patience) throws InterruptedException {
    if (entry.isExpired(clock.instant()) || !isTaken(entry)) {
      return false;
    }
    owedEntries.forget(entry.key());
    if (tiers.semantic() != null
        && entry.question() instanceof Question.Semantic question
        && !writeBehind.offer(() -> restoreRow(entry, question), patience)) {
      dropped(entry.key());
    }
    return true;
  }

  private void restoreRow(Entry entry, Question.Semantic question) {
    Optional<Scope> known =
        entry.tags().stream().flatMap(tag -> tag.asScope().stream()).findFirst();
    // Its request is gone, which may have dictated the answer.
    known.ifPresent(
        scope -> learner.learned(matcher.learnFrom(scope, question.text(), entry.answer(), null)));
    Optional<Vector> vector = search.embed(known.orElse(UNKNOWN_SCOPE), question.text()).vector();
    if (vector.isPresent() && !isRowTaken(entry, question, vector.get())) {
      dropped(entry.key());
    }
  }

  /** Removes every entry with {@code tag}. Returns how many there were. */
  long invalidate(Tag tag) {
    invalidations.invalidate(tag);
    long count = tiers.exact().invalidate(tag);
    events.emit(new CacheEvent.Invalidated(tag, count));
    return count;
  }

  /** Removes an entry. Returns whether there was one. */
  boolean remove(ExactKey key) {
    owedEntries.forget(key);
    return tiers.remove(key);
  }

  /** Removes every entry with {@code tag}, and says whether that is done. */
  Removal removeAll(Tag tag) {
    Instant since = clock.instant();
    long count = invalidate(tag);
    return removal(count, tiers.owes(tag, since));
  }

  /** Removes an entry, and says whether that is done. */
  Removal removeEntry(ExactKey key) {
    Instant since = clock.instant();
    long count = remove(key) ? 1 : 0;
    return removal(count, tiers.owes(key, since));
  }

  private Removal removal(long count, boolean isOwed) {
    return isOwed ? new Removal.Pending(count, tiers.isPendingDurable()) : new Removal.Done(count);
  }

  /** Writes what tiers did not take, as far as they answer again and the queue has room. */
  void repair() {
    while (tiers.isExactAsked()) {
      Optional<OwedEntries.Owed> owed = owedEntries.peek();
      if (owed.isEmpty() || !isWritten(owed.get())) {
        break;
      }
      owedEntries.forget(owed.get().entry().key());
    }
    GuardedSemanticTier semantic = tiers.semantic();
    while (semantic != null && semantic.isWritable() && writeBehind.isHalfEmpty()) {
      Optional<ExactKey> key = owedRows.poll();
      if (key.isEmpty()) {
        return;
      }
      tiers.exact().fetch(key.get()).map(ExactTier.Fetched::entry).ifPresent(this::repairRow);
    }
  }

  /** Returns false if the tier still does not take it. */
  private boolean isWritten(OwedEntries.Owed owed) {
    Entry entry = owed.entry();
    if (entry.isExpired(clock.instant())
        || invalidations.anySince(owed.began().moment(), entry.tags())) {
      return true;
    }
    StoreResult taken = tiers.exact().tryStore(entry, owed.began().beginning());
    if (taken != StoreResult.STORED) {
      return taken == StoreResult.REFUSED;
    }
    if (invalidations.anySince(owed.began().moment(), entry.tags())) {
      tiers.exact().remove(entry.key());
    } else {
      repairRow(entry);
    }
    return true;
  }

  private void repairRow(Entry entry) {
    if (tiers.semantic() != null
        && entry.question() instanceof Question.Semantic question
        && !writeBehind.offer(() -> restoreRow(entry, question))) {
      owedRows.add(entry.key());
    }
  }

  /** What other processes remove is not stored here any more by who began before. */
  private final class ElsewhereRemoved implements RemovalListener {
    @Override
    public void removed(ExactKey key) {
      owedEntries.forget(key);
    }

    @Override
    public void invalidated(Tag tag) {
      invalidations.invalidate(tag);
    }

    @Override
    public void apart() {
      // The tier compares moments itself when it stores; nothing is to be done here.
    }

    @Override
    public void together() {
      // As above.
    }
  }
}
