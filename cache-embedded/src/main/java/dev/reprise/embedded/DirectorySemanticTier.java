package dev.reprise.embedded;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a {@link DataDirectory}: searched in memory, kept in the file. Rows of another
 * embedder stay in the file until they expire, and are not searched.
 */
final class DirectorySemanticTier implements SemanticTier {
  private static final HexFormat HEX = HexFormat.of();
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  /** While it runs, the graphs are written whenever one in so many of their rows is new. */
  private static final int SAVED_SHARE = 10;

  private static final String ALL_ROWS =
      "SELECT key, fingerprint, vector, expires FROM row WHERE embedder = ? AND expires > ? LIMIT ?";

  /** Reads pages of the entries, too, which are several times as many. */
  private static final String NEWEST_ROWS =
      "SELECT row.key, fingerprint, vector, row.expires FROM entry JOIN row ON row.key = entry.key"
          + " WHERE embedder = ? AND row.expires > ? ORDER BY entry.id DESC LIMIT ?";

  /** How far from 1 the squared length of a stored vector may be. */
  private static final double NEARLY = 1e-3;

  private final StoreFile file;
  private final DirectoryExactTier entries;
  private final HnswSemanticTier index;
  private final GraphFile graphs;
  private final String embedder;
  private final InstantSource clock;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean isLoaded;
  private int damaged;

  /** How many rows were stored since the graphs were written. */
  private final AtomicLong changes = new AtomicLong();

  /** How many rows had a node then. */
  private int savedRows;

  DirectorySemanticTier(
      StoreFile file,
      DirectoryExactTier entries,
      HnswSemanticTier index,
      GraphFile graphs,
      String embedder,
      InstantSource clock,
      Runnable onClose) {
    this.file = file;
    this.entries = entries;
    this.index = index;
    this.graphs = graphs;
    this.embedder = embedder;
    this.clock = clock;
    this.onClose = onClose;
  }

  @Override
  public String name() {
    return index.name();
  }

  /** {@inheritDoc} Searches do no I/O; writes are done in the background. */
  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  @Override
  public OptionalInt dimension() {
    return index.dimension();
  }

  /** Loads the rows that are in the file, once. */
  @Override
  public synchronized void ensureReady() {
    index.ensureReady();
    if (isLoaded) {
      return;
    }
    try {
      file.read(
          connection -> {
            // Every row has an entry. Where there are too many, the oldest are left out.
            long all = StoreFile.number(connection, "SELECT count(*) FROM entry");
            String rows = all <= index.maximumEntries() ? ALL_ROWS : NEWEST_ROWS;
            try (PreparedStatement statement = connection.prepareStatement(rows)) {
              statement.setString(1, embedder);
              statement.setLong(2, DirectoryExactTier.milliseconds(clock.instant()));
              statement.setInt(3, index.maximumEntries());
              try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                  load(result);
                }
              }
            }
            return true;
          });
    } catch (SQLException e) {
      throw new TierException(name(), "cannot read its rows: " + e.getMessage(), e);
    } finally {
      // Of what was read if reading failed, too: an index that waits for its graph is never tidied
      // up.
      index.buildGraphs(this::readGraphs);
    }
    isLoaded = true;
    if (damaged > 0) {
      LOG.warn(
          "{} rows of the data directory are damaged and are left out: their questions are matched"
              + " exactly only until they are asked again",
          damaged);
    }
  }

  /** Loads a row; one that is not as it was written is left out. */
  private void load(ResultSet result) throws SQLException {
    SemanticRow row;
    try {
      row = row(result);
    } catch (IllegalArgumentException e) {
      damaged++;
      return;
    }
    index.load(row);
  }

  /**
   * Returns a row.
   *
   * @throws IllegalArgumentException if it is none that was stored
   */
  private SemanticRow row(ResultSet result) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(result.getBytes(3)).order(ByteOrder.LITTLE_ENDIAN);
    float[] components = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(components);
    if (components.length != index.dimension().orElse(components.length)
        || !(Math.abs(squares(components) - 1) < NEARLY)) {
      throw new IllegalArgumentException("a vector that is stored has length 1");
    }
    return new SemanticRow(
        ExactKey.ofHex(HEX.formatHex(result.getBytes(1))),
        Fingerprint.ofHex(HEX.formatHex(result.getBytes(2))),
        Vector.normalized(components),
        Instant.ofEpochMilli(result.getLong(4)));
  }

  private static double squares(float[] components) {
    double sum = 0;
    for (float component : components) {
      sum += (double) component * component;
    }
    return sum;
  }

  @Override
  public void store(SemanticRow row) {
    index.store(row);
    changes.incrementAndGet();
    float[] components = row.vector().toArray();
    ByteBuffer vector =
        ByteBuffer.allocate(components.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    vector.asFloatBuffer().put(components);
    byte[] key = DirectoryExactTier.bytes(row.pointer());
    try {
      // A row whose entry has gone meanwhile would be found after the next start, for nothing.
      file.write(
          connection ->
              StoreFile.run(
                  connection,
                  "INSERT OR REPLACE INTO row (key, embedder, fingerprint, vector, expires)"
                      + " SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM entry WHERE key = ?)",
                  key,
                  embedder,
                  HEX.parseHex(row.fingerprint().hex()),
                  vector.array(),
                  DirectoryExactTier.milliseconds(row.expiresAt()),
                  key));
    } catch (SQLException e) {
      throw StoreFile.failure(name(), "cannot keep a row", e);
    }
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    return index.search(fingerprint, query, limit);
  }

  @Override
  public void remove(ExactKey pointer) {
    index.remove(pointer);
    try {
      file.write(
          connection ->
              StoreFile.run(
                  connection,
                  "DELETE FROM row WHERE key = ?",
                  (Object) DirectoryExactTier.bytes(pointer)));
    } catch (SQLException e) {
      throw new TierException(name(), "cannot remove a row: " + e.getMessage(), e);
    }
  }

  /** Removes expired rows from memory, and expired entries from the file. */
  @Override
  public void sweep() {
    index.sweep();
    entries.sweep();
    saveGraphs(SAVED_SHARE);
  }

  private synchronized Map<Fingerprint, SavedGraph> readGraphs() {
    Map<Fingerprint, SavedGraph> read = graphs.read(index.settings());
    savedRows = read.values().stream().mapToInt(SavedGraph::size).sum();
    return read;
  }

  /** Writes the graphs if more than one in {@code share} of their rows were stored since. */
  private synchronized void saveGraphs(int share) {
    int rows = index.linkedRows();
    long stored = changes.get();
    if (isLoaded && rows > 0 && Math.max(stored, rows - savedRows) > rows / share) {
      if (graphs.write(index.settings(), index.savedGraphs())) {
        savedRows = rows;
        changes.addAndGet(-stored);
      }
    }
  }

  @Override
  public void close() {
    try {
      if (!closed.get()) {
        saveGraphs(Integer.MAX_VALUE);
      }
    } finally {
      index.close();
      if (closed.compareAndSet(false, true)) {
        onClose.run();
      }
    }
  }
}
