package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.SharedLog.Topic;
import dev.reprise.tier.SharedLog.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Observations are counts: every engine adds its own at once and those of the others as it reads them, each once, so that all come
 * to the same sum whatever the order. They go out in batches, at once where an answer was judged. What the log does not take is kept,
 * within a bound.
 */
/**
 * Shares what this engine learns with the other engines on a tier, and takes over what they learn,
 * or an earlier process learnt: observations of the matcher, meanings of acronyms, by which entry a
 * turn of a conversation was answered, and what promotes an answer. Safe for use by several
 * threads.
 */
final class SharedLearning {
  /** How much is kept of each kind for a log that does not take it; then the oldest is dropped. */
  static final int MOST_WAITING = 4_096;

  /** How many of a kind one record holds at most. */
  static final int BATCH = 64;

  /**
   * A batch that is not full, and has no judgement in it, waits for so many calls of {@link
   * #share}.
   */
  static final int PATIENCE = 30;

  private static final Logger LOG = LoggerFactory.getLogger(SharedLearning.class);

  private final Map<Topic, SharedLog> logs = new HashMap<>();
  private final String embedder;
  private final Matcher matcher;
  private final Consumer<CacheEvent> events;
  private final Deque<Observation> observations = new ArrayDeque<>();
  private final Deque<String> definitions = new ArrayDeque<>();
  private final Deque<Turn> turns = new ArrayDeque<>();
  private final Deque<PromotionChange> promotions = new ArrayDeque<>();
  private int waits;

  /** Which entry answered a request. */
  record Turn(ExactKey request, ExactKey entry) {}

  SharedLearning(ExactTier tier, String embedder, Matcher matcher, Consumer<CacheEvent> events) {
    this.embedder = embedder;
    this.matcher = matcher;
    this.events = events;
    for (Topic topic :
        List.of(Topic.OBSERVATIONS, Topic.DEFINITIONS, Topic.CONVERSATIONS, Topic.PROMOTIONS)) {
      tier.sharedLog(topic).ifPresent(log -> logs.put(topic, log));
    }
  }

  /** Returns whether observations are shared, so that they come from the log and from no file. */
  boolean hasObservations() {
    return logs.containsKey(Topic.OBSERVATIONS) && !confidenceKind().isEmpty();
  }

  /**
   * Takes over what others learn, from now on.
   *
   * @param answered takes a request and the entry that answered it
   * @param promoted takes what promotes an answer
   */
  void follow(BiConsumer<ExactKey, ExactKey> answered, Consumer<? super PromotionChange> promoted) {
    follow(
        Topic.OBSERVATIONS,
        record -> LearnedRecords.observations(record, kind()).forEach(this::observe));
    follow(Topic.DEFINITIONS, this::learn);
    follow(
        Topic.CONVERSATIONS,
        record ->
            LearnedRecords.turns(record)
                .forEach(turn -> answered.accept(turn.request(), turn.entry())));
    follow(Topic.PROMOTIONS, record -> LearnedRecords.promotions(record).forEach(promoted));
  }

  private void follow(Topic topic, Consumer<String> reader) {
    SharedLog log = logs.get(topic);
    if (log != null) {
      log.follow(
          (record, writer) -> {
            if (writer == Writer.ANOTHER) {
              reader.accept(record);
            }
          });
    }
  }

  private void observe(Observation observation) {
    try {
      if (matcher instanceof LearningMatcher learning) {
        learning.observe(observation);
      }
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("matcher", e));
    }
  }

  private void learn(String record) {
    try {
      matcher.wording().learn(record);
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("matcher", e));
    }
  }

  /** Names what an observation is of. */
  private String kind() {
    return confidenceKind() + " " + embedder;
  }

  private String confidenceKind() {
    return matcher instanceof LearningMatcher learning ? learning.confidenceKind() : "";
  }

  /** This engine observed something. */
  void observed(Observation observation) {
    if (hasObservations()) {
      keep(observations, observation);
    }
  }

  /** This engine's matcher learnt something. */
  void learned(List<String> records) {
    if (logs.containsKey(Topic.DEFINITIONS)) {
      records.forEach(record -> keep(definitions, record));
    }
  }

  /** This engine answered a request with an entry for another question. */
  void answered(ExactKey request, ExactKey entry) {
    if (logs.containsKey(Topic.CONVERSATIONS)) {
      keep(turns, new Turn(request, entry));
    }
  }

  /** This engine took in what promotes an answer. */
  void promoted(PromotionChange change) {
    if (logs.containsKey(Topic.PROMOTIONS)) {
      keep(promotions, change);
    }
  }

  private static <T> void keep(Deque<T> waiting, T one) {
    synchronized (waiting) {
      if (waiting.size() >= MOST_WAITING) {
        waiting.removeFirst();
      }
      waiting.addLast(one);
    }
  }

  /** Appends what waits. Called once a second, by one thread at a time. */
  void share() {
    waits++;
    if (waits >= PATIENCE || isUrgent()) {
      waits = 0;
      share(Topic.OBSERVATIONS, observations, batch -> LearnedRecords.observed(kind(), batch));
    }
    share(Topic.CONVERSATIONS, turns, LearnedRecords::answered);
    share(Topic.PROMOTIONS, promotions, LearnedRecords::promoted);
    shareDefinitions();
  }

  /** Appends everything that waits. */
  void shareAll() {
    waits = PATIENCE;
    share();
  }

  private boolean isUrgent() {
    synchronized (observations) {
      return observations.size() >= BATCH
          || observations.stream().anyMatch(Observation.Judged.class::isInstance);
    }
  }

  private interface Format<T> {
    String write(List<T> batch);
  }

  private <T> void share(Topic topic, Deque<T> waiting, Format<T> format) {
    while (true) {
      List<T> batch = take(waiting, BATCH);
      if (batch.isEmpty()) {
        return;
      }
      if (!append(topic, format.write(batch))) {
        putBack(waiting, batch);
        return;
      }
    }
  }

  private void shareDefinitions() {
    while (true) {
      List<String> one = take(definitions, 1);
      if (one.isEmpty()) {
        return;
      }
      if (!append(Topic.DEFINITIONS, one.get(0))) {
        putBack(definitions, one);
        return;
      }
    }
  }

  private static <T> List<T> take(Deque<T> waiting, int most) {
    List<T> taken = new ArrayList<>();
    synchronized (waiting) {
      while (taken.size() < most && !waiting.isEmpty()) {
        taken.add(waiting.removeFirst());
      }
    }
    return taken;
  }

  private static <T> void putBack(Deque<T> waiting, List<T> taken) {
    synchronized (waiting) {
      for (int i = taken.size() - 1; i >= 0 && waiting.size() < MOST_WAITING; i--) {
        waiting.addFirst(taken.get(i));
      }
    }
  }

  /** Returns whether the log has it. That the server is away is reported by the tier's guard. */
  private boolean append(Topic topic, String record) {
    try {
      Optional.ofNullable(logs.get(topic)).ifPresent(log -> log.append(record));
      return true;
    } catch (RuntimeException e) {
      LOG.debug("What was learnt could not be shared yet; it is tried again", e);
      return false;
    }
  }
}
