package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The calls of the upstream that are under way, by exact key. */
final class FlightTable {
  private final ConcurrentMap<ExactKey, Flight<Object>> flights = new ConcurrentHashMap<>();
  private final AtomicLong landings = new AtomicLong();

  /**
   * Returns how many flights have landed: where that has not changed, no answer has been stored
   * meanwhile either.
   */
  long landings() {
    return landings.get();
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
      land(key, flight, new Flight.Landing.Abandoned());
    }
  }

  /** Returns how many flights are under way. */
  int size() {
    return flights.size();
  }
}
