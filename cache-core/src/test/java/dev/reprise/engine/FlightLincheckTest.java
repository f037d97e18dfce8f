package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.testing.Entries;
import java.util.List;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/*
 * The steps are those of CacheEngine.getOrCompute and StreamCall: look into the store, board, look again as the leader where
 * a flight has landed, call, store, land; or join and wait. In whatever order the threads run, the result must be one that the
 * same operations give one after the other: then the upstream is called once, since its second call would answer 2.
 */
/** Flights under a model checker: every interleaving of few threads is one upstream call. */
public class FlightLincheckTest {
  private static final ExactKey KEY = Entries.key("any");

  /** The landings with the answers 0, 1, 2 ..., made beforehand so that they are not explored. */
  private static final List<Flight.Landing> LANDINGS =
      IntStream.range(0, 10)
          .mapToObj(i -> Answer.ofText(Integer.toString(i)))
          .<Flight.Landing>map(
              answer ->
                  new Flight.Landing.Answered(
                      answer, new Admission.Skip(new Reason(Reason.Code.RULE, "no matter"))))
          .toList();

  private final FlightTable table = new FlightTable();
  private volatile int calls;
  private volatile int stored;

  /** Asks and waits for the answer. */
  @Operation
  public int ask() {
    while (true) {
      long landings = table.landings();
      if (stored != 0) {
        return stored;
      }
      Flight<Object> mine = new Flight<>();
      Flight<Object> flight = table.board(KEY, mine);
      if (flight == mine) {
        if (table.landings() != landings && stored != 0) {
          int found = stored;
          table.land(KEY, mine, LANDINGS.get(found));
          return found;
        }
        return call(mine);
      }
      if (!flight.join()) {
        table.forget(KEY, flight);
        continue;
      }
      Flight.Landing landing = flight.landing().join();
      if (landing instanceof Flight.Landing.Answered) {
        return number(landing);
      }
    }
  }

  /** Asks and leaves before there is an answer. */
  @Operation
  public void cancel() {
    Flight<Object> mine = new Flight<>();
    Flight<Object> flight = table.board(KEY, mine);
    if (flight == mine) {
      table.leave(KEY, mine);
      if (!mine.landing().isDone()) {
        // Somebody has joined: the call is made for them, unless its answer is there already.
        int found = stored;
        if (found != 0) {
          table.land(KEY, mine, LANDINGS.get(found));
        } else {
          call(mine);
        }
      }
    } else if (flight.join()) {
      table.leave(KEY, flight);
    }
  }

  private int call(Flight<Object> flight) {
    int answer = calls + 1;
    calls = answer;
    stored = answer;
    table.land(KEY, flight, LANDINGS.get(answer));
    return answer;
  }

  private static int number(Flight.Landing landing) {
    int number = 0;
    while (LANDINGS.get(number) != landing) {
      number++;
    }
    return number;
  }

  @Test
  void everyInterleavingIsOneCall() {
    new ModelCheckingOptions()
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1)
        .iterations(8)
        .invocationsPerIteration(200)
        .check(FlightLincheckTest.class);
  }
}
