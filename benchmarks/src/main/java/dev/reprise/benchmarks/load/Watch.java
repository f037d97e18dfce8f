package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Looks at the gateway's process at intervals: memory, threads, open files. */
final class Watch implements AutoCloseable {
  /** How often the live heap is looked at; each time stops the gateway for a moment. */
  private static final int HEAP_LOOKS = 15;

  private final GatewayProcess gateway;
  private final Asker clock;
  private final Path folder;
  private final double seconds;
  private final double interval;
  private final List<Reading> readings = new ArrayList<>();
  private final Thread thread;

  /**
   * What the process used.
   *
   * @param second of the run
   * @param residentMegabytes memory of the process
   * @param liveMegabytes what lives on the heap; NaN where it was not looked at
   */
  record Reading(
      double second,
      double residentMegabytes,
      double liveMegabytes,
      double threads,
      double openFiles) {}

  /**
   * @param folder for what is written on the way
   * @param seconds how long the timed part lasts
   */
  Watch(GatewayProcess gateway, Asker clock, Path folder, double seconds) {
    this.gateway = gateway;
    this.clock = clock;
    this.folder = folder;
    this.seconds = seconds;
    this.interval = Math.max(1, Math.min(5, seconds / 100));
    this.thread = new Thread(this::run, "watch");
  }

  /** Begins to look. */
  Watch start() {
    thread.start();
    return this;
  }

  private void run() {
    int heapLooks = 0;
    try {
      while (clock.second() < seconds) {
        Optional<Long> live = Optional.empty();
        if (clock.second() >= heapLooks * seconds / HEAP_LOOKS) {
          heapLooks++;
          live = gateway.liveHeapBytes(folder);
        }
        Reading reading =
            new Reading(
                clock.second(),
                gateway.status("VmRSS") / 1_024.0,
                live.map(bytes -> bytes / 1_048_576.0).orElse(Double.NaN),
                gateway.status("Threads"),
                gateway.openFiles());
        synchronized (readings) {
          readings.add(reading);
        }
        Thread.sleep((long) (interval * 1_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("cannot look at the gateway's process any more: " + e);
    }
  }

  /** Returns what was seen so far. */
  List<Reading> readings() {
    synchronized (readings) {
      return List.copyOf(readings);
    }
  }

  /** Returns the median of a figure between two seconds; NaN where nothing was seen. */
  double median(ToDoubleFunction<Reading> figure, double from, double to) {
    double[] seen =
        readings().stream()
            .filter(reading -> reading.second() >= from && reading.second() < to)
            .mapToDouble(figure)
            .filter(number -> !Double.isNaN(number))
            .sorted()
            .toArray();
    return seen.length == 0 ? Double.NaN : seen[seen.length / 2];
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
