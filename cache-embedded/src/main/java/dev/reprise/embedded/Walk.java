package dev.reprise.embedded;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Working space of one thread that walks through a graph, and what it does there. */
final class Walk {
  /** So much nearer to a chosen neighbour than to the slot itself is too near. */
  private static final float ALPHA = 1.2f;

  /** One in so many neighbours of a slot with too many makes way for later ones, too. */
  private static final int ROOM_SHARE = 4;

  private static final int OFFERED = 256;

  private final RowStore store;
  private final Links links;
  private final CandidatePool pool = new CandidatePool();
  private final SlotSet seen = new SlotSet();
  private final int[] neighbours;

  /** Slots that might become neighbours of another, with their scores, the nearest first. */
  private int[] offered = new int[OFFERED];

  private float[] offeredScores = new float[OFFERED];
  private int offeredCount;
  private final int[] chosen;
  private int chosenCount;

  /** Keeps the compiler from leaving out what is read ahead. */
  @SuppressWarnings("UnusedVariable")
  private long readAhead;

  private RowStore.@Nullable Scores scores;

  Walk(RowStore store, Links links) {
    this.store = store;
    this.links = links;
    neighbours = new int[links.degree(0) + 1];
    chosen = new int[links.degree(0)];
  }

  /** Goes from {@code slot} in {@code layer} downhill to the nearest one in {@code lowest}. */
  void start(RowStore.Scores target, int slot, int layer, int lowest) {
    scores = target;
    int at = slot;
    float best = target.estimate(at);
    for (int down = layer; down > lowest; down--) {
      boolean isNearer = true;
      while (isNearer) {
        isNearer = false;
        int count = links.read(at, down, neighbours);
        for (int i = 0; i < count; i++) {
          float score = target.estimate(neighbours[i]);
          if (score > best) {
            best = score;
            at = neighbours[i];
            isNearer = true;
          }
        }
      }
    }
    pool.reset(1);
    pool.offer(at, best);
  }

  /**
   * Goes through a layer from where the walk is, to the best slots.
   *
   * @param limit how many
   */
  CandidatePool through(int layer, int limit) {
    return through(layer, limit, CandidatePool.SPARE, null, Integer.MAX_VALUE);
  }

  /**
   * Goes through a layer from where the walk is, to the best slots that are served.
   *
   * @param limit how many
   * @param spare how many more to keep in mind
   * @param moment slots that are not served then do not count; null if all do
   * @param patience the walk ends when it has been at so many slots that are not served
   */
  CandidatePool through(
      int layer, int limit, int spare, HnswRow.@Nullable Moment moment, int patience) {
    RowStore.Scores target = scores;
    if (target == null) {
      throw new IllegalStateException("not started");
    }
    seen.clear();
    pool.begin(limit, spare);
    for (int i = 0; i < pool.size(); i++) {
      seen.add(pool.slot(i));
    }
    for (int place = pool.next(); place >= 0 && pool.notServed() < patience; place = pool.next()) {
      int slot = pool.slot(place);
      int count = links.read(slot, layer, neighbours);
      pool.visit(place, isServed(slot, moment));
      int fresh = 0;
      for (int i = 0; i < count; i++) {
        if (seen.add(neighbours[i])) {
          neighbours[fresh++] = neighbours[i];
        }
      }
      readAhead += target.touch(neighbours, fresh);
      for (int i = 0; i < fresh; i++) {
        float score = target.estimate(neighbours[i], pool.threshold());
        if (score > pool.threshold()) {
          pool.offer(neighbours[i], score);
        }
      }
    }
    return pool;
  }

  private boolean isServed(int slot, HnswRow.@Nullable Moment moment) {
    if (moment == null) {
      return true;
    }
    HnswRow row = store.row(slot);
    return row != null && row.isServed(moment);
  }

  /** Returns the best of what the walk came to, as neighbours of a new slot in a layer. */
  int[] choose(int slot, int layer) {
    offeredCount = 0;
    for (int place = 0; place < pool.size(); place++) {
      if (pool.slot(place) != slot) {
        offer(pool.slot(place), pool.score(place));
      }
    }
    choose(links.degree(layer));
    return Arrays.copyOf(chosen, chosenCount);
  }

  /** Makes a new slot and its own neighbours in a layer neighbours of each other. */
  void link(int slot, int layer, int[] own) {
    int kept = own.length;
    synchronized (links.lock(slot)) {
      // Others may have come to it, and joined it already.
      int count = links.read(slot, layer, neighbours);
      int both = own.length;
      int[] all = Arrays.copyOf(own, links.degree(layer));
      for (int i = 0; i < count; i++) {
        if (contains(all, both, neighbours[i])) {
          if (layer == 0) {
            // It is counted again below.
            links.countEntering(neighbours[i], -1);
          }
        } else if (both < all.length) {
          all[both++] = neighbours[i];
        } else if (layer == 0 && !links.leave(neighbours[i]) && kept > 1) {
          all[--kept] = neighbours[i];
        }
      }
      links.write(slot, layer, all, both);
    }
    for (int i = 0; i < own.length; i++) {
      if (layer == 0 && i < kept) {
        links.countEntering(own[i], 1);
      }
      join(own[i], slot, layer, i == 0);
    }
  }

  private static boolean contains(int[] slots, int count, int slot) {
    for (int i = 0; i < count; i++) {
      if (slots[i] == slot) {
        return true;
      }
    }
    return false;
  }

  /** Makes {@code more} a neighbour of {@code slot}; of too many the best stay. */
  private void join(int slot, int more, int layer, boolean mustStay) {
    int degree = links.degree(layer);
    synchronized (links.lock(slot)) {
      int count = links.read(slot, layer, neighbours);
      if (contains(neighbours, count, more)) {
        return;
      }
      neighbours[count++] = more;
      if (layer == 0) {
        links.countEntering(more, 1);
      }
      if (count <= degree) {
        links.write(slot, layer, neighbours, count);
        return;
      }
      offerAll(slot, neighbours, count);
      choose(degree - degree / ROOM_SHARE);
      if (mustStay && !contains(chosen, chosenCount, more)) {
        chosen[chosenCount++] = more;
      }
      if (layer == 0) {
        keepReachable(degree);
      }
      links.write(slot, layer, chosen, chosenCount);
    }
  }

  /** Chooses what few others lead to, too: no walk would come to it any more. */
  private void keepReachable(int degree) {
    int[] left = new int[offeredCount];
    int leftCount = 0;
    for (int i = 0; i < offeredCount; i++) {
      if (!contains(chosen, chosenCount, offered[i])) {
        left[leftCount++] = offered[i];
      }
    }
    for (int i = 0; i < leftCount; i++) {
      int slot = left[i];
      if (chosenCount < degree && links.entering(slot) <= Links.ENTRANCES) {
        chosen[chosenCount++] = slot;
      } else if (!links.leave(slot)) {
        keepEntrance(slot, degree);
      }
    }
  }

  /** Chooses a slot that few others lead to, in place of one that more lead to. */
  private void keepEntrance(int slot, int degree) {
    if (chosenCount < degree) {
      chosen[chosenCount++] = slot;
      return;
    }
    for (int i = chosenCount - 1; i >= 0; i--) {
      if (links.leave(chosen[i])) {
        chosen[i] = slot;
        return;
      }
    }
    // All of them have as few.
    links.countEntering(slot, -1);
  }

  /** Offers {@code count} slots as neighbours of {@code slot}, the nearest first. */
  private void offerAll(int slot, int[] slots, int count) {
    offeredCount = 0;
    for (int i = 0; i < count; i++) {
      float score = store.similarity(slot, slots[i]);
      int place = offeredCount;
      offer(slots[i], score);
      while (place > 0 && offeredScores[place - 1] < score) {
        offered[place] = offered[place - 1];
        offeredScores[place] = offeredScores[place - 1];
        place--;
      }
      offered[place] = slots[i];
      offeredScores[place] = score;
    }
  }

  private void offer(int slot, float score) {
    if (offeredCount == offered.length) {
      offered = Arrays.copyOf(offered, 2 * offeredCount);
      offeredScores = Arrays.copyOf(offeredScores, 2 * offeredCount);
    }
    offered[offeredCount] = slot;
    offeredScores[offeredCount++] = score;
  }

  /**
   * Chooses at most so many of what is offered: the nearest, but none that is much nearer to one
   * that was chosen before. So the neighbours lie in all directions.
   */
  private void choose(int most) {
    chosenCount = 0;
    chooseMore(most);
  }

  private void chooseMore(int most) {
    for (int i = 0; i < offeredCount && chosenCount < most; i++) {
      float distance = 1 - offeredScores[i];
      boolean isNew = true;
      for (int j = 0; j < chosenCount && isNew; j++) {
        isNew = ALPHA * (1 - store.similarity(chosen[j], offered[i])) > distance;
      }
      if (isNew) {
        chosen[chosenCount++] = offered[i];
      }
    }
  }

  /** Replaces those neighbours of a slot that are gone by theirs. The others stay. */
  void mend(int slot, int layer, BitSet gone) {
    int count = links.read(slot, layer, neighbours);
    seen.clear();
    seen.add(slot);
    chosenCount = 0;
    int[] lost = new int[count];
    int lostCount = 0;
    for (int i = 0; i < count; i++) {
      if (gone.get(neighbours[i])) {
        lost[lostCount++] = neighbours[i];
      } else if (seen.add(neighbours[i])) {
        chosen[chosenCount++] = neighbours[i];
      }
    }
    if (lostCount == 0) {
      return;
    }
    int[] further = new int[lostCount * links.degree(layer)];
    int furtherCount = 0;
    for (int i = 0; i < lostCount; i++) {
      count = links.read(lost[i], layer, neighbours);
      for (int j = 0; j < count; j++) {
        if (!gone.get(neighbours[j]) && seen.add(neighbours[j])) {
          further[furtherCount++] = neighbours[j];
        }
      }
    }
    offerAll(slot, further, furtherCount);
    chooseMore(links.degree(layer));
    synchronized (links.lock(slot)) {
      links.write(slot, layer, chosen, chosenCount);
    }
  }

  /** Counts a slot as an entrance of its neighbours. */
  void countEntrances(int slot) {
    int count = links.read(slot, 0, neighbours);
    for (int i = 0; i < count; i++) {
      links.countEntering(neighbours[i], 1);
    }
  }
}
