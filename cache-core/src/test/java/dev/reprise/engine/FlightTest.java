package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a flight keeps for those who join late. */
class FlightTest {
  /** A chunk that says that it holds a million characters. */
  private record Heavy() implements Weighed {
    @Override
    public int weight() {
      return 1 << 20;
    }
  }

  private static final class Silent implements Flight.Listener<Object> {
    private int chunks;

    @Override
    public void onChunk(Object chunk) {
      chunks++;
    }

    @Override
    public void onLanding(Flight.Landing landing) {}
  }

  @Test
  void nobodyJoinsOnceTheChunksAreTooHeavyToKeepAndThoseAboardGetThemAll() {
    Flight<Object> flight = new Flight<>();
    Silent early = new Silent();
    assertThat(flight.join(early)).isEqualTo(Flight.Boarding.JOINED);
    for (int i = 0; i < 3; i++) {
      flight.next(new Heavy());
    }
    Silent late = new Silent();
    assertThat(flight.join(late)).isEqualTo(Flight.Boarding.JOINED);
    assertThat(late.chunks).isEqualTo(3);

    flight.next(new Heavy());
    assertThat(flight.join(new Silent())).isEqualTo(Flight.Boarding.TOO_LATE);

    flight.next(new Heavy());
    assertThat(early.chunks).isEqualTo(5);
    assertThat(late.chunks).isEqualTo(5);
  }

  @Test
  void allFlightsKeepNoMoreTogetherThanTheyMay() {
    KeptChunks room = new KeptChunks(5 << 20);
    Flight<Object> first = new Flight<>(room);
    Flight<Object> second = new Flight<>(room);
    for (int i = 0; i < 3; i++) {
      first.next(new Heavy());
      second.next(new Heavy());
    }
    assertThat(first.join(new Silent())).isEqualTo(Flight.Boarding.JOINED);
    assertThat(second.join(new Silent())).isEqualTo(Flight.Boarding.TOO_LATE);
    assertThat(room.kept()).isEqualTo(3 << 20);

    first.land(new Flight.Landing.Abandoned());
    assertThat(room.kept()).isZero();
    Flight<Object> third = new Flight<>(room);
    third.next(new Heavy());
    assertThat(third.join(new Silent())).isEqualTo(Flight.Boarding.JOINED);
  }

  @Test
  void chunksThatTellNoWeightAreKeptByTheirNumber() {
    Flight<Object> flight = new Flight<>();
    for (int i = 0; i < Flight.KEPT_CHUNKS - 1; i++) {
      flight.next("chunk");
    }
    assertThat(flight.join(new Silent())).isEqualTo(Flight.Boarding.JOINED);
    flight.next("chunk");
    assertThat(flight.join(new Silent())).isEqualTo(Flight.Boarding.TOO_LATE);
  }
}
