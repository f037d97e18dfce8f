package dev.reprise.engine;

import dev.reprise.curated.CuratedAnswers;
import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.PlainQuestion;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Similarity;
import dev.reprise.tier.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * Equal wordings are found as soon as a set is there; by meaning an entry is found once its wordings are embedded, which happens on a
 * thread of its own: a large set takes a minute.
 */
/**
 * Looks curated answers up: by equal wording, and by meaning with the engine's own matcher. Safe
 * for use by several threads.
 */
final class CuratedSearch implements AutoCloseable {
  /** A curated answer does not expire; this is its entry's expiry, for those who ask. */
  private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

  private static final String PART = "curated";

  private final CuratedAnswers answers;
  private final GuardedEmbedder embedder;
  private final GuardedMatcher matcher;
  private final Learner learner;
  private final int limit;
  private final EventHub events;
  private final ThreadPoolExecutor embedding;
  private final AtomicLong refreshes = new AtomicLong();
  private volatile CuratedIndex index = CuratedIndex.EMPTY;

  /**
   * A curated entry that was near a question, and rejected.
   *
   * @param asked the question
   */
  record Missed(CuratedEntry entry, String wording, PlainQuestion asked, double confidence) {}

  /**
   * What a search by meaning saw.
   *
   * @param found the entry that is served
   * @param surest the surest one that was rejected
   * @param candidates all, for an explanation
   */
  record Seen(
      Optional<Finding> found, Optional<Missed> surest, List<SearchTrace.Candidate> candidates) {
    static final Seen NOTHING = new Seen(Optional.empty(), Optional.empty(), List.of());
  }

  CuratedSearch(
      CuratedAnswers answers,
      GuardedEmbedder embedder,
      GuardedMatcher matcher,
      Learner learner,
      int limit,
      EventHub events) {
    this.answers = answers;
    this.embedder = embedder;
    this.matcher = matcher;
    this.learner = learner;
    this.limit = limit;
    this.events = events;
    this.embedding =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(1),
            Threads.daemon("reprise-curated"),
            new ThreadPoolExecutor.DiscardPolicy());
    embedding.allowCoreThreadTimeOut(true);
    answers.onChange(this::refresh);
    refresh();
  }

  // --- the index --------------------------------------------------------------------------------

  private synchronized void refresh() {
    try {
      CuratedIndex before = index;
      CuratedIndex fresh =
          CuratedIndex.of(answers.current().version(), answers.entries(), answers.aliases());
      Map<List<Object>, Vector> known = new HashMap<>();
      for (CuratedIndex.Row row : before.rows()) {
        if (row.vector() != null) {
          known.put(place(row), row.vector());
        }
      }
      refreshes.incrementAndGet();
      index = fresh.with(fresh.rows().stream().map(row -> row.at(known.get(place(row)))).toList());
      // A task that waits already embeds what is new now.
      embedding.execute(this::embed);
    } catch (RejectedExecutionException e) {
      // The engine is closed.
      return;
    } catch (RuntimeException e) {
      events.trouble(PART, e);
    }
  }

  private static List<Object> place(CuratedIndex.Row row) {
    return List.of(row.scope(), row.text());
  }

  private void embed() {
    long begun = refreshes.get();
    CuratedIndex now = index;
    Map<List<Object>, Vector> fresh = new HashMap<>();
    for (CuratedIndex.Row row : now.rows()) {
      if (row.vector() == null && !fresh.containsKey(place(row))) {
        embedder
            .embed(matcher.comparable(row.scope(), row.text()))
            .ifPresent(vector -> fresh.put(place(row), vector));
      }
      if (refreshes.get() != begun) {
        break;
      }
    }
    takeOver(fresh);
  }

  /** The index may be another one meanwhile. */
  private synchronized void takeOver(Map<List<Object>, Vector> fresh) {
    CuratedIndex now = index;
    List<CuratedIndex.Row> rows = new ArrayList<>();
    for (CuratedIndex.Row row : now.rows()) {
      @Nullable Vector vector = row.vector() == null ? fresh.get(place(row)) : row.vector();
      rows.add(row.at(vector));
    }
    if (!fresh.isEmpty()) {
      index = now.with(rows);
    }
  }

  /**
   * Tells the log what it has lost, and embeds what could not be embedded. Called from time to
   * time.
   */
  void upkeep() {
    try {
      answers.settle();
    } catch (RuntimeException e) {
      events.trouble("shared-log", e);
    }
    CuratedIndex now = index;
    if (now.rows().stream().anyMatch(row -> row.vector() == null)
        && embedding.getActiveCount() == 0) {
      embedding.execute(this::embed);
    }
  }

  // --- lookups ----------------------------------------------------------------------------------

  /** Returns whether a lookup can find nothing. */
  boolean isEmpty() {
    return index.isEmpty();
  }

  /** Returns the curated answer to the same words. */
  Optional<Finding> equal(CacheRequest request, AnswerReader reader) {
    CuratedIndex now = index;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    try {
      return PlainQuestion.of(request)
          .flatMap(asked -> now.equal(request.scope(), asked))
          .flatMap(row -> finding(now, row, request, reader, Optional.empty(), 1));
    } catch (Throwable e) {
      events.trouble(PART, e);
      return Optional.empty();
    }
  }

  /**
   * Returns what is near by meaning: until one is accepted, or all of it to explain.
   *
   * @param vector of the question
   * @param rules what decides about candidates, whatever they are
   */
  Seen near(SemanticSearch.Query query, Vector vector, NeighbourWalk.Rules rules) {
    CuratedIndex now = index;
    Optional<PlainQuestion> plain =
        now.isEmpty() ? Optional.empty() : PlainQuestion.of(query.request());
    return plain.isEmpty() ? Seen.NOTHING : new Walk(now, query, plain.get(), vector, rules).seen();
  }

  /** One walk along the curated wordings near a question. Used by one thread. */
  private final class Walk {
    private final CuratedIndex now;
    private final SemanticSearch.Query query;
    private final PlainQuestion asked;
    private final NeighbourWalk.Rules rules;
    private final List<CuratedIndex.Near> nearest;
    private final List<Similarity> around;
    private final List<SearchTrace.Candidate> candidates = new ArrayList<>();
    private Optional<Finding> found = Optional.empty();
    private @Nullable Missed surest;

    Walk(
        CuratedIndex now,
        SemanticSearch.Query query,
        PlainQuestion asked,
        Vector vector,
        NeighbourWalk.Rules rules) {
      this.now = now;
      this.query = query;
      this.asked = asked;
      this.rules = rules;
      this.nearest = now.nearest(query.scope(), asked, vector, limit);
      this.around = nearest.stream().map(CuratedIndex.Near::similarity).toList();
    }

    Seen seen() {
      boolean isExplained = query.purpose() == SemanticSearch.Purpose.EXPLAIN;
      for (int i = 0; i < nearest.size(); i++) {
        boolean isHopeless = !nearest.get(i).similarity().isAtLeast(rules.deciding().floor());
        if (!isExplained && (found.isPresent() || isHopeless)) {
          break;
        }
        judge(nearest.get(i), i + 1);
      }
      return new Seen(found, Optional.ofNullable(surest), candidates);
    }

    private void judge(CuratedIndex.Near near, int rank) {
      CuratedIndex.Row row = near.row();
      MatchExplanation match = match(near, rank);
      candidates.add(
          new SearchTrace.Candidate(key(row.entry()), row.text(), near.similarity(), match));
      double confidence = match.decision().confidence();
      if (match.decision() instanceof MatchDecision.Accept) {
        if (found.isEmpty()) {
          Optional<Similarity> similarity = Optional.of(near.similarity());
          found =
              finding(now, row, query.request(), query.servable().reader(), similarity, confidence);
        }
      } else if (confidence > 0 && (surest == null || confidence > surest.confidence())) {
        surest = new Missed(row.entry(), row.text(), asked, confidence);
      }
    }

    private MatchExplanation match(CuratedIndex.Near near, int rank) {
      String wording = near.row().text();
      if (rules
          .forbidden()
          .has(asked.text(), wording, () -> Optional.ofNullable(near.row().vector()))) {
        return MatchExplanation.of(NeighbourWalk.FORBIDDEN);
      }
      MatchCandidate candidate =
          new MatchCandidate(
              query.scope(),
              asked.text(),
              wording,
              Answer.ofText(near.row().entry().answer()),
              near.similarity(),
              rank,
              around);
      return rules.deciding().explain(candidate);
    }
  }

  private Optional<Finding> finding(
      CuratedIndex now,
      CuratedIndex.Row row,
      CacheRequest request,
      AnswerReader reader,
      Optional<Similarity> similarity,
      double confidence) {
    CuratedEntry entry = row.entry();
    return reader
        .write(request, entry.answer())
        .map(
            answer ->
                new Finding.Curated(
                    entry(row, request, answer),
                    entry.id(),
                    now.version(),
                    similarity,
                    confidence));
  }

  private Entry entry(CuratedIndex.Row row, CacheRequest request, Answer answer) {
    return new Entry(
        key(row.entry()),
        new Question.Semantic(new Fingerprint(key(row.entry()).hash()), row.text()),
        answer,
        Duration.ZERO,
        request.model(),
        row.entry().reviewedAt().orElse(answers.current().madeAt()),
        NEVER,
        Set.of());
  }

  /**
   * Takes what the application says of a curated answer. A hit by meaning that was wrong never
   * happens again, and a wording that the judge adopted is taken back. What people reviewed stays.
   *
   * @return empty if {@code entry} is no curated one
   */
  Optional<Boolean> feedback(CacheRequest request, ExactKey entry, Feedback feedback) {
    CuratedIndex now = index;
    List<CuratedIndex.Row> rows =
        now.rows().stream().filter(row -> key(row.entry()).equals(entry)).toList();
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Optional<PlainQuestion> plain = PlainQuestion.of(request);
    if (plain.isEmpty()) {
      return Optional.of(false);
    }
    if (feedback == Feedback.RIGHT) {
      return Optional.of(true);
    }
    PlainQuestion asked = plain.get();
    Optional<CuratedIndex.Row> equal =
        now.equal(request.scope(), asked).filter(row -> key(row.entry()).equals(entry));
    if (equal.isPresent()) {
      CuratedIndex.Row row = equal.get();
      return Optional.of(
          row.only().isPresent() && answers.removeAlias(row.entry().id(), row.text(), "feedback"));
    }
    return Optional.of(forbid(request, asked, rows));
  }

  private boolean forbid(CacheRequest request, PlainQuestion asked, List<CuratedIndex.Row> rows) {
    Optional<Vector> vector = learner.vector(request.scope(), asked.text());
    Comparator<CuratedIndex.Row> nearest =
        Comparator.comparingDouble(
            row ->
                vector.isPresent() && row.vector() != null
                    ? vector.get().similarity(row.vector()).cosine()
                    : -1);
    CuratedIndex.Row served = Collections.max(rows, nearest);
    Answer answer = Answer.ofText(served.entry().answer());
    return learner.feedback(
        request.scope(),
        asked.text(),
        entry(served, request, answer),
        served.text(),
        Feedback.WRONG);
  }

  /** Returns what names a curated entry where the entries of the cache are named. */
  private static ExactKey key(CuratedEntry entry) {
    String named = "curated\n" + entry.id() + '\n' + entry.question() + '\n' + entry.answer();
    return new ExactKey(ContentHash.of(named.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    embedding.shutdownNow();
  }
}
