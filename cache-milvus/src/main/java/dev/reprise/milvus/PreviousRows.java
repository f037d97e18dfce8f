package dev.reprise.milvus;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.TierException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collection that was written before: searched beside the current one until its rows have
 * expired, never created and never written. Where it cannot be searched, its hits are lost and
 * nothing else. A removal that it does not take fails like one of the current collection.
 */
final class PreviousRows implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MilvusSemanticTier.class);

  private final RowCollection rows;
  private final AtomicBoolean isSaid = new AtomicBoolean();
  private volatile boolean isReady;

  PreviousRows(RowCollection rows) {
    this.rows = rows;
  }

  /** Prepares the collection, if it is there and can be read. */
  void prepare() {
    try {
      rows.prepare();
      isReady = true;
      isSaid.set(false);
    } catch (TierException e) {
      isReady = false;
      say(e);
    }
  }

  /** Returns what is nearest of {@code current} and of the rows here. */
  List<Neighbour> with(List<Neighbour> current, Fingerprint fingerprint, Vector query, int limit) {
    if (!isReady) {
      return current;
    }
    List<Neighbour> all = new ArrayList<>(current);
    try {
      Set<ExactKey> seen = new HashSet<>();
      current.forEach(neighbour -> seen.add(neighbour.pointer()));
      for (Neighbour neighbour : rows.search(fingerprint, query, limit)) {
        if (seen.add(neighbour.pointer())) {
          all.add(neighbour);
        }
      }
    } catch (TierException e) {
      say(e);
      return current;
    }
    all.sort(Comparator.comparing(Neighbour::similarity).reversed());
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }

  void delete(String action, String filter) {
    if (isReady) {
      rows.delete(action, filter);
    }
  }

  private void say(TierException e) {
    if (isSaid.compareAndSet(false, true)) {
      LOG.warn(
          "The previous collection {} is not searched: {}. Leave it out of the configuration once"
              + " its rows have expired.",
          rows.name(),
          e.getMessage());
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
