package dev.reprise.spring.boot;

import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.springframework.util.ClassUtils;
import reactor.core.scheduler.Schedulers;

/** Moves calls off the event loops of Reactor, which must not wait for a lookup. */
final class EventLoops {
  private static final boolean HAS_REACTOR = isPresent("reactor.core.scheduler.Schedulers");
  private static final boolean HAS_CONTEXT =
      isPresent("io.micrometer.context.ContextSnapshotFactory");

  private EventLoops() {}

  /** Something that may throw anything. */
  interface Call {
    void run() throws Throwable;
  }

  private static boolean isPresent(String name) {
    return ClassUtils.isPresent(name, EventLoops.class.getClassLoader());
  }

  /** Returns whether this thread is one. */
  static boolean isOne() {
    return HAS_REACTOR && Reactor.isEventLoop();
  }

  /**
   * Runs {@code call} on a thread that may block, with this thread's context.
   *
   * @param failed takes what it throws
   */
  static void leave(Call call, Consumer<Throwable> failed) {
    Runnable run =
        () -> {
          try {
            call.run();
          } catch (Throwable e) {
            failed.accept(e);
          }
        };
    Reactor.schedule(HAS_CONTEXT ? Contexts.wrap(run) : run);
  }

  /** Apart, since an application need not have Reactor. */
  private static final class Reactor {
    private Reactor() {}

    static boolean isEventLoop() {
      return Schedulers.isInNonBlockingThread();
    }

    static void schedule(Runnable run) {
      try {
        Schedulers.boundedElastic().schedule(run);
      } catch (RejectedExecutionException e) {
        // Too many calls wait for a thread. The cache never breaks a call.
        run.run();
      }
    }
  }

  /** Apart, since an application need not have Micrometer's context propagation. */
  private static final class Contexts {
    private Contexts() {}

    static Runnable wrap(Runnable run) {
      return ContextSnapshotFactory.builder().build().captureAll().wrap(run);
    }
  }
}
