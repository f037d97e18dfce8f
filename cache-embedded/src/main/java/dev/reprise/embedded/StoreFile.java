package dev.reprise.embedded;

import dev.reprise.model.CacheException;
import dev.reprise.tier.TierException;
import dev.reprise.tier.TierFullException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/*
 * Write-ahead log, synchronous NORMAL: what is committed has been written to the operating system, so that it outlives the
 * process, however that ends. A machine that loses its power may lose the last commits, and never damages the file.
 */
/**
 * The database file of a {@link DataDirectory}: one connection that writes, and a few that read.
 * Safe for use by several threads.
 */
final class StoreFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  /** The format that this code reads and writes. */
  static final int FORMAT = 1;

  /** Marks the file as Reprise's, in its header: "Rprs". */
  private static final int APPLICATION = 0x52707273;

  private static final int READERS = 4;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE,"
              + " expires INTEGER NOT NULL, body BLOB NOT NULL)",
          "CREATE INDEX entry_expires ON entry (expires)",
          "CREATE TABLE tag (name TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (name, entry))"
              + " WITHOUT ROWID",
          "CREATE INDEX tag_entry ON tag (entry)",
          "CREATE TABLE row (key BLOB PRIMARY KEY, embedder TEXT NOT NULL, fingerprint BLOB NOT"
              + " NULL, vector BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID",
          "CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, record TEXT NOT NULL)",
          "CREATE INDEX log_topic ON log (topic, id)",
          "CREATE TRIGGER entry_gone AFTER DELETE ON entry BEGIN DELETE FROM tag WHERE entry ="
              + " old.id; DELETE FROM row WHERE key = old.key; END");

  private final Path file;
  private final Connection writer;
  private final ReentrantLock writing = new ReentrantLock();
  private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
  private final List<Connection> connections = new ArrayList<>();
  private volatile boolean closed;

  private StoreFile(Path file) throws SQLException {
    this.file = file;
    this.writer = connect();
  }

  /** Returns what a tier throws for an exception of the database. */
  static TierException failure(String tier, String what, SQLException e) {
    boolean isFull =
        e instanceof SQLiteException error && error.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    return isFull
        ? new TierFullException(
            tier, what + ": the disk is full; make room on it. " + e.getMessage(), e)
        : new TierException(tier, what + ": " + e.getMessage(), e);
  }

  /**
   * Opens the file, or creates it.
   *
   * @throws CacheException if it is damaged, of another program or of another version
   */
  static StoreFile open(Path file) {
    StoreFile store = null;
    try {
      store = new StoreFile(file);
      store.prepare();
      for (int i = 0; i < READERS; i++) {
        store.readers.add(store.connect());
      }
      return store;
    } catch (SQLException e) {
      CacheException refused = refusal(file, e);
      if (store != null) {
        store.close();
      }
      throw refused;
    } catch (RuntimeException e) {
      if (store != null) {
        store.close();
      }
      throw e;
    }
  }

  private static CacheException refusal(Path file, SQLException e) {
    boolean isDamaged =
        e instanceof SQLiteException known
            && (known.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                || known.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT);
    return new CacheException(
        isDamaged
            ? file
                + " is damaged or not a database: move it away, and the cache starts empty, or name"
                + " another data directory"
            : "cannot open " + file + ": " + e.getMessage(),
        e);
  }

  private Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(5_000);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    connections.add(connection);
    return connection;
  }

  private void prepare() throws SQLException {
    long application = number("PRAGMA application_id");
    long format = number("PRAGMA user_version");
    if (application == 0 && format == 0 && number("SELECT count(*) FROM sqlite_schema") == 0) {
      write(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              for (String table : TABLES) {
                statement.execute(table);
              }
              statement.execute("PRAGMA application_id = " + APPLICATION);
              statement.execute("PRAGMA user_version = " + FORMAT);
            }
            return true;
          });
    } else if (application != APPLICATION) {
      throw new CacheException(
          file + " is not a file of Reprise: name another data directory, or move it away");
    } else if (format != FORMAT) {
      throw new CacheException(
          file
              + " was written by another version of Reprise: it has format "
              + format
              + ", and this version reads format "
              + FORMAT
              + ". Name another data directory, or move the file away to start empty");
    }
  }

  private long number(String sql) throws SQLException {
    return number(writer, sql);
  }

  /** Returns the first number of what {@code sql} selects; 0 where it selects nothing. */
  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** What is done with a connection. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** Does {@code work} in one transaction: all of it, or nothing. */
  <T> T write(Work<T> work) throws SQLException {
    writing.lock();
    try {
      requireOpen();
      execute("BEGIN IMMEDIATE");
      try {
        T result = work.with(writer);
        execute("COMMIT");
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack();
        throw e;
      }
    } finally {
      writing.unlock();
    }
  }

  private void rollBack() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // Where the disk is full, the transaction has been rolled back already.
      LOG.debug("Nothing to roll back", e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Reads beside other readers and the writer: what was committed when the reading began. */
  <T> T read(Work<T> work) throws SQLException {
    Connection connection;
    try {
      connection = readers.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", e);
    }
    try {
      requireOpen();
      return work.with(connection);
    } finally {
      readers.add(connection);
    }
  }

  /** Runs one statement with these parameters. Returns how many rows it changed. */
  static int run(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLException("the data directory is closed");
    }
  }

  /** Waits for what is under way, then closes the file. */
  @Override
  public void close() {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      // A reader gives its connection back as soon as it is done.
      for (int i = 1; i < connections.size(); i++) {
        readers.take();
      }
      for (Connection connection : connections) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new CacheException("cannot close " + file + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      writing.unlock();
    }
  }
}
