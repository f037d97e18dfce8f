package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The calls of the upstream that are under way, by exact key. */
final class FlightTable {
  private final ConcurrentMap<ExactKey, Flight<Object>> flights = new ConcurrentHashMap<>();
  private final KeptChunks kept = KeptChunks.ofHeap();
  private final AtomicLong landings = new AtomicLong();

  /**
   * Returns how many flights have landed: where that has not changed, no answer has been stored
   * meanwhile either.
   */
  long landings() {
    return landings.get();
  }

  /** Returns a new flight, which the calling thread leads. */
  Flight<Object> open() {
    return new Flight<>(kept);
  }

  /** Returns the flight for {@code key}: {@code mine}, if there is no other. */
  Flight<Object> board(ExactKey key, Flight<Object> mine) {
    Flight<Object> theirs = flights.putIfAbsent(key, mine);
    return theirs == null ? mine : theirs;
  }

  /** Lands a flight. Its answer is stored already, so that who comes later finds it. */
  void land(ExactKey key, Flight<Object> flight, Flight.Landing landing) {
    landings.incrementAndGet();
    flights.remove(key, flight);
    flight.land(landing);
  }

  /**
   * Leaves a flight that was joined or led. If nobody is left, its upstream is stopped and its
   * answer not waited for.
   */
  void leave(ExactKey key, Flight<Object> flight) {
    if (flight.leave()) {
      // First, so that a stop that throws leaves no flight open.
      land(key, flight, new Flight.Landing.Abandoned());
      flight.stopIfAbandoned();
    }
  }

  /** Makes way for a new flight where {@code flight} was abandoned but has not landed yet. */
  void forget(ExactKey key, Flight<Object> flight) {
    flights.remove(key, flight);
  }

  /** Returns the flight for {@code key}, or null. */
  @Nullable Flight<Object> get(ExactKey key) {
    return flights.get(key);
  }

  /** Returns how many requests wait for the call that another request makes. */
  long followers() {
    return flights.values().stream().mapToLong(flight -> Math.max(0, flight.waiting() - 1)).sum();
  }

  /** Returns how many flights are under way. */
  int size() {
    return flights.size();
  }
}
