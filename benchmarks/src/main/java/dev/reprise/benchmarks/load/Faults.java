package dev.reprise.benchmarks.load;

import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Kills each server twice, and starts it again. */
final class Faults implements AutoCloseable {
  private static final double LONGEST_DOWN_SECONDS = 10;

  /** How much of the run a server is down at most, each time. */
  private static final double DOWN_SHARE = 0.04;

  private final Thread thread;
  private final List<Fault> done = new ArrayList<>();
  private volatile String trouble = "";

  /**
   * A server that was killed and started again.
   *
   * @param killed the second of the run
   * @param back the second at which it was up again
   */
  record Fault(String server, double killed, double back) {}

  /** What shall happen, at a share of the run. */
  private record Plan(double at, String server, Runnable kill, Runnable restart) {}

  private Faults(Asker clock, double seconds, List<Plan> plans) {
    this.thread = new Thread(() -> run(clock, seconds, plans), "faults");
  }

  /** Begins with the timed part of the run, which lasts so many seconds. */
  static Faults start(Asker clock, double seconds, RedisProcess redis, MilvusServer milvus) {
    Faults faults =
        new Faults(
            clock,
            seconds,
            List.of(
                new Plan(0.15, "Redis", redis::kill, redis::restart),
                new Plan(0.35, "Milvus", milvus::kill, milvus::restart),
                new Plan(0.55, "Redis", redis::kill, redis::restart),
                new Plan(0.75, "Milvus", milvus::kill, milvus::restart)));
    faults.thread.start();
    return faults;
  }

  private void run(Asker clock, double seconds, List<Plan> plans) {
    double down = Math.min(LONGEST_DOWN_SECONDS, seconds * DOWN_SHARE);
    try {
      for (Plan plan : plans) {
        sleepUntil(clock, plan.at() * seconds);
        double killed = clock.second();
        System.err.printf(Locale.ROOT, "%4.0f s: %s is killed%n", killed, plan.server());
        plan.kill().run();
        sleepUntil(clock, killed + down);
        plan.restart().run();
        double back = clock.second();
        System.err.printf(Locale.ROOT, "%4.0f s: %s is back%n", back, plan.server());
        synchronized (done) {
          done.add(new Fault(plan.server(), killed, back));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      trouble = e.toString();
    }
  }

  private static void sleepUntil(Asker clock, double second) throws InterruptedException {
    double left = second - clock.second();
    if (left > 0) {
      Thread.sleep((long) (left * 1_000));
    }
  }

  /** Returns what happened so far. */
  List<Fault> done() {
    synchronized (done) {
      return List.copyOf(done);
    }
  }

  /** Returns why a server did not come back; empty if all did. */
  String trouble() {
    return trouble;
  }

  /** Waits for the last one to be done. */
  void await() throws InterruptedException {
    thread.join(180_000);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
