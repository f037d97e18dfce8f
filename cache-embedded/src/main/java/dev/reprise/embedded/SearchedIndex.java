package dev.reprise.embedded;

import java.util.concurrent.atomic.AtomicInteger;

/** An index, and how many searches go through it. */
final class SearchedIndex {
  private final RowIndex index;
  private final AtomicInteger searches = new AtomicInteger();

  SearchedIndex(RowIndex index) {
    this.index = index;
  }

  RowIndex index() {
    return index;
  }

  void enter() {
    searches.incrementAndGet();
  }

  void leave() {
    searches.decrementAndGet();
  }

  /** Returns whether no search goes through it. */
  boolean isIdle() {
    return searches.get() == 0;
  }
}
