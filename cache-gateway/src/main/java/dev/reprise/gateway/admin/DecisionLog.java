package dev.reprise.gateway.admin;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.RequestListener;
import dev.reprise.gateway.admin.Decision.Kind;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.key.internal.UncanonicalException;
import dev.reprise.model.CacheRequest;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the latest decisions in memory, for administrators, and the latest misses besides,
 * which hits would otherwise push out. Safe for use by several threads.
 */
public final class DecisionLog implements RequestListener {
  /** How many decisions are remembered: {@value}. */
  static final int DECISIONS = 500;

  /** How many misses are remembered: {@value}. */
  static final int MISSES = 500;

  /** What share of the words of two questions they have in common at least to be compared. */
  private static final double LEAST_LIKENESS = 0.3;

  private final InstantSource clock;
  private final Deque<Decision> all = new ArrayDeque<>();
  private final Deque<Decision> misses = new ArrayDeque<>();
  private long last;

  public DecisionLog(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    Decision decision = DecisionReader.read(request, end, clock.instant());
    synchronized (this) {
      last++;
      Decision numbered = decision.numbered(last);
      add(all, numbered, DECISIONS);
      if (numbered.kind() == Kind.MISS) {
        add(misses, numbered, MISSES);
      }
    }
  }

  private static void add(Deque<Decision> to, Decision decision, int most) {
    if (to.size() == most) {
      to.removeFirst();
    }
    to.addLast(decision);
  }

  /** Returns the number of the latest decision; 0 where there was none. */
  synchronized long newest() {
    return last;
  }

  /** Returns the latest decisions with a number above {@code number}, newest first. */
  synchronized List<Decision> after(long number, int most) {
    List<Decision> found = new ArrayList<>();
    for (Decision decision : (Iterable<Decision>) all::descendingIterator) {
      if (decision.number() <= number || found.size() == most) {
        break;
      }
      found.add(decision);
    }
    return found;
  }

  /** Returns the decision with that number, if it is remembered. */
  synchronized Optional<Decision> get(long number) {
    return Stream.concat(all.stream(), misses.stream())
        .filter(decision -> decision.number() == number)
        .findFirst();
  }

  /**
   * Returns the latest request that is remembered whose answer is, or was, the entry {@code key}.
   */
  Optional<CacheRequest> requestOf(ExactKey key) {
    List<Decision> remembered;
    synchronized (this) {
      remembered = Stream.concat(all.stream(), misses.stream()).toList();
    }
    return remembered.stream()
        .flatMap(decision -> Optional.ofNullable(decision.request()).stream())
        .filter(request -> isKeyOf(key, request))
        .reduce((earlier, later) -> later);
  }

  private static boolean isKeyOf(ExactKey key, CacheRequest request) {
    try {
      return Canonicalizer.exactKey(request).equals(key);
    } catch (UncanonicalException e) {
      return false;
    }
  }

  /** Returns the misses that a candidate came nearest to serve, the surest first. */
  List<Decision> nearMisses(int most) {
    return misses().stream()
        .filter(miss -> miss.nearest() != null)
        .sorted(
            Comparator.comparingDouble(DecisionLog::confidence)
                .reversed()
                .thenComparing(Decision::number, Comparator.reverseOrder()))
        .limit(most)
        .toList();
  }

  private static double confidence(Decision miss) {
    return Objects.requireNonNull(miss.nearest()).confidence();
  }

  /**
   * Returns the earlier miss, of whatever scope, that is most like {@code decision}: with the same
   * question in the same scope, else with the same question, else with the most words in common in
   * the same scope; of several the latest. Only such whose request is remembered.
   */
  Optional<Decision> mostAlike(Decision decision) {
    Set<String> words = words(decision.question());
    Decision best = null;
    double most = 0;
    for (Decision miss : misses()) {
      if (miss.number() >= decision.number() || miss.request() == null) {
        continue;
      }
      double likeness = likeness(decision, miss, words);
      if (likeness > 0 && likeness >= most) {
        best = miss;
        most = likeness;
      }
    }
    return Optional.ofNullable(best);
  }

  private static double likeness(Decision decision, Decision miss, Set<String> words) {
    boolean sameScope = miss.scope().equals(decision.scope());
    if (miss.question().equals(decision.question())) {
      return sameScope ? 3 : 2;
    }
    if (!sameScope) {
      return 0;
    }
    Set<String> common = words(miss.question());
    int together = common.size() + words.size();
    common.retainAll(words);
    double likeness = (double) common.size() / Math.max(1, together - common.size());
    return likeness < LEAST_LIKENESS ? 0 : likeness;
  }

  private static Set<String> words(String question) {
    Set<String> words =
        new HashSet<>(List.of(question.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")));
    words.remove("");
    return words;
  }

  private synchronized List<Decision> misses() {
    return List.copyOf(misses);
  }
}
