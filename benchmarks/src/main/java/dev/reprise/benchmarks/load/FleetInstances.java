package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Gateways that share their servers, asked in turn as a proxy before them would. */
final class FleetInstances implements Asker.Targets, AutoCloseable {
  /** Starts a gateway with that name. */
  interface Start {
    GatewayProcess start(String name) throws IOException, InterruptedException;
  }

  /** Ends the name of one that was started again: {@value}. */
  static final String AGAIN = "-again";

  private final Start start;
  private final List<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile int down = -1;

  private FleetInstances(Start start) {
    this.start = start;
  }

  /** Starts so many, at the same time. */
  static FleetInstances start(int count, Start start) throws InterruptedException {
    FleetInstances fleet = new FleetInstances(start);
    List<CompletableFuture<GatewayProcess>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = name(i);
      starting.add(CompletableFuture.supplyAsync(() -> called(() -> start.start(name))));
    }
    starting.forEach(each -> fleet.gateways.add(each.join()));
    return fleet;
  }

  private static String name(int index) {
    return "gateway-" + (char) ('a' + index);
  }

  private static <T> T called(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  int size() {
    return gateways.size();
  }

  /** Returns the address of one, without a path. */
  String url(int index) {
    return gateways.get(index).url();
  }

  /** Kills one as {@code kill -9} does. */
  void kill(int index) {
    down = index;
    gateways.get(index).child().crash();
  }

  /** Starts one that was killed again, on another port. */
  void restart(int index) {
    gateways.set(index, called(() -> start.start(name(index) + AGAIN)));
    down = -1;
  }

  /** Passes over one that is known to be down, as a proxy does after its first failure. */
  @Override
  public URI next() {
    int index = Math.floorMod(turn.getAndIncrement(), gateways.size());
    if (index == down && turn.get() % 8 != 0) {
      index = Math.floorMod(turn.getAndIncrement(), gateways.size());
    }
    return URI.create(url(index));
  }

  @Override
  public int attempts() {
    return gateways.size() + 1;
  }

  @Override
  public void close() {
    gateways.forEach(GatewayProcess::close);
  }
}
