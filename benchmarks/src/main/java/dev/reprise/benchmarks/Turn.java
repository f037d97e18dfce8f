package dev.reprise.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/*
 * On a machine that shares its processors, two forks of the same code differ by more than the cache costs. So floor and cache
 * are not two benchmarks, but two turns of one: they change places with every iteration, in one process, on one heap.
 */
/**
 * Whose turn it is: the floor's in the first iteration, the cache's in the next, and so on, warm-up
 * included.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class Turn {
  private int iterations;

  /** Passes the turn on. */
  @Setup(Level.Iteration)
  public void pass() {
    iterations++;
  }

  /** Returns whether the floor is measured now. */
  boolean isFloors() {
    return isFloors(iterations - 1);
  }

  /** Returns whether the floor is measured in iteration {@code i}, from 0. */
  static boolean isFloors(int i) {
    return i % 2 == 0;
  }
}
