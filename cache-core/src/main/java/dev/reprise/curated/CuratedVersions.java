package dev.reprise.curated;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The versions of the set that are kept. Safe for use by several threads. */
final class CuratedVersions {
  /** Of two sets with the same number, made by two processes at the same time, the later counts. */
  private static final Comparator<CuratedSet> ORDER =
      Comparator.comparingLong(CuratedSet::version)
          .thenComparing(CuratedSet::madeAt)
          .thenComparing(CuratedSet::madeBy)
          .thenComparing(CuratedSet::note)
          .thenComparing(set -> CuratedFile.write(set.entries()));

  private final int most;
  private final TreeMap<Long, CuratedSet> byNumber = new TreeMap<>();

  CuratedVersions(int most) {
    this.most = most;
  }

  synchronized CuratedSet current() {
    return byNumber.isEmpty() ? CuratedSet.EMPTY : byNumber.lastEntry().getValue();
  }

  /** Returns all, the current one first. */
  synchronized List<CuratedSet> all() {
    List<CuratedSet> all = new ArrayList<>(byNumber.values());
    Collections.reverse(all);
    return List.copyOf(all);
  }

  /** Takes a version. Returns whether another one is current now. */
  synchronized boolean take(CuratedSet set) {
    CuratedSet before = current();
    CuratedSet rival = byNumber.get(set.version());
    if (rival == null || ORDER.compare(rival, set) < 0) {
      byNumber.put(set.version(), set);
    }
    if (byNumber.size() > most) {
      byNumber.pollFirstEntry();
    }
    return !before.equals(current());
  }
}
