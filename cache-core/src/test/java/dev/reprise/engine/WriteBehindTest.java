package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteBehindTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Integer> done = new CopyOnWriteArrayList<>();

  @Test
  void writesAreDoneInTheirOrderOnOneThread() throws Exception {
    try (WriteBehind writes = new WriteBehind(1_000, PATIENCE)) {
      for (int i = 0; i < 500; i++) {
        int number = i;
        assertThat(writes.offer(() -> done.add(number))).isTrue();
      }
      assertThat(writes.drain(PATIENCE)).isTrue();
      assertThat(done).isEqualTo(IntStream.range(0, 500).boxed().toList());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    try (WriteBehind writes = new WriteBehind(2, PATIENCE)) {
      assertThat(
              writes.offer(
                  () -> {
                    busy.countDown();
                    await(letGo);
                  }))
          .isTrue();
      busy.await();
      assertThat(writes.offer(() -> done.add(1))).isTrue();
      assertThat(writes.offer(() -> done.add(2))).isTrue();
      assertThat(writes.offer(() -> done.add(3))).isFalse();
      assertThat(writes.drain(Duration.ofMillis(20))).isFalse();
      letGo.countDown();
      assertThat(writes.drain(PATIENCE)).isTrue();
      assertThat(done).containsExactly(1, 2);
    }
  }

  @Test
  void aWriteThatFailsDoesNotStopTheNext() throws Exception {
    try (WriteBehind writes = new WriteBehind(10, PATIENCE)) {
      writes.offer(
          () -> {
            throw new AssertionError("told to");
          });
      writes.offer(() -> done.add(1));
      assertThat(writes.drain(PATIENCE)).isTrue();
      assertThat(done).containsExactly(1);
    }
  }

  @Test
  void closingFinishesWhatIsQueuedAndRefusesTheRest() throws Exception {
    WriteBehind writes = new WriteBehind(100, PATIENCE);
    for (int i = 0; i < 100; i++) {
      int number = i;
      writes.offer(() -> done.add(number));
    }
    writes.close();
    assertThat(done).hasSize(100);
    assertThat(writes.offer(() -> done.add(101))).isFalse();
    assertThat(writes.drain(PATIENCE)).isTrue();
    assertThat(done).hasSize(100);
  }

  @Test
  void closingWaitsNoLongerThanItWasTold() {
    CountDownLatch never = new CountDownLatch(1);
    WriteBehind writes = new WriteBehind(100, Duration.ofMillis(20));
    writes.offer(() -> await(never));
    writes.offer(() -> done.add(1));
    long start = System.nanoTime();
    writes.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(done).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
