package dev.reprise.embedded;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.internal.EntryCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The entries of a {@link DataDirectory}. When {@link #store} returns, the entry is in the file.
 */
final class DirectoryExactTier implements ExactTier {
  static final String NAME = "disk";

  /** After so many stores expired entries are swept, and the size is looked at. */
  private static final int STORES_BETWEEN_SWEEPS = 256;

  /** So many entries are deleted in one transaction at most, so that others need not wait long. */
  private static final int BATCH = 500;

  private static final int PAGE = 200;
  private static final HexFormat HEX = HexFormat.of();

  private final StoreFile file;
  private final long maximumBytes;
  private final InstantSource clock;
  private final Runnable onClose;
  private final Map<SharedLog.Topic, SharedLog> logs = new EnumMap<>(SharedLog.Topic.class);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger stores = new AtomicInteger();

  DirectoryExactTier(StoreFile file, long maximumBytes, InstantSource clock, Runnable onClose) {
    this.file = file;
    this.maximumBytes = maximumBytes;
    this.clock = clock;
    this.onClose = onClose;
    // What the matcher observed is kept in the learning store, which does not forget the oldest.
    for (SharedLog.Topic topic : EnumSet.complementOf(EnumSet.of(SharedLog.Topic.OBSERVATIONS))) {
      logs.put(topic, new DirectoryLog(file, topic));
    }
  }

  static byte[] bytes(ExactKey key) {
    return HEX.parseHex(key.hex());
  }

  /**
   * Returns the moment as the file has it; the ends of what a long can count for what is beyond.
   */
  static long milliseconds(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Fetched> fetch(ExactKey key) {
    return asked(
        "read an entry",
        () ->
            file.read(
                connection -> {
                  try (PreparedStatement statement =
                      connection.prepareStatement("SELECT body FROM entry WHERE key = ?")) {
                    statement.setBytes(1, bytes(key));
                    try (ResultSet result = statement.executeQuery()) {
                      return result.next()
                          ? live(key, result.getBytes(1)).map(entry -> new Fetched(entry, NAME))
                          : Optional.empty();
                    }
                  }
                }));
  }

  private Optional<Entry> live(ExactKey key, byte[] body) {
    Instant now = clock.instant();
    return EntryCodec.decode(key, body).filter(entry -> !entry.isExpired(now));
  }

  @Override
  public void store(Entry entry) {
    if (entry.isExpired(clock.instant())) {
      return;
    }
    byte[] key = bytes(entry.key());
    byte[] body = EntryCodec.encode(entry);
    long expires = milliseconds(entry.expiresAt());
    asked(
        "store an entry",
        () ->
            file.write(
                connection -> {
                  StoreFile.run(connection, "DELETE FROM entry WHERE key = ?", (Object) key);
                  StoreFile.run(
                      connection,
                      "INSERT INTO entry (key, expires, body) VALUES (?, ?, ?)",
                      key,
                      expires,
                      body);
                  for (Tag tag : entry.tags()) {
                    StoreFile.run(
                        connection,
                        "INSERT INTO tag (name, entry) VALUES (?, last_insert_rowid())",
                        tag.name());
                  }
                  return true;
                }));
    if (stores.incrementAndGet() % STORES_BETWEEN_SWEEPS == 0) {
      sweep();
    }
  }

  @Override
  public boolean remove(ExactKey key) {
    return asked(
        "remove an entry",
        () ->
            file.write(
                connection ->
                    StoreFile.run(
                            connection,
                            "DELETE FROM entry WHERE key = ? AND expires > ?",
                            bytes(key),
                            milliseconds(clock.instant()))
                        > 0));
  }

  @Override
  public long invalidate(Tag tag) {
    return asked(
        "invalidate a tag",
        () ->
            file.write(
                connection ->
                    (long)
                        StoreFile.run(
                            connection,
                            "DELETE FROM entry WHERE expires > ? AND id IN (SELECT entry FROM tag"
                                + " WHERE name = ?)",
                            milliseconds(clock.instant()),
                            tag.name())));
  }

  @Override
  public Scan scan(Predicate<Entry> visitor) {
    long last = 0;
    while (true) {
      long after = last;
      List<Stored> page = asked("read entries", () -> file.read(reader -> page(reader, after)));
      for (Stored stored : page) {
        if (stored.entry().isPresent() && !visitor.test(stored.entry().get())) {
          return Scan.STOPPED;
        }
        last = stored.id();
      }
      if (page.size() < PAGE) {
        return Scan.COMPLETE;
      }
    }
  }

  /**
   * A row of the file.
   *
   * @param entry if it is live
   */
  private record Stored(long id, Optional<Entry> entry) {}

  private List<Stored> page(Connection connection, long after) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id, key, body FROM entry WHERE id > ? ORDER BY id LIMIT " + PAGE)) {
      statement.setLong(1, after);
      List<Stored> page = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          ExactKey key = ExactKey.ofHex(HEX.formatHex(result.getBytes(2)));
          page.add(new Stored(result.getLong(1), live(key, result.getBytes(3))));
        }
      }
      return page;
    }
  }

  @Override
  public Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
    return Optional.ofNullable(logs.get(topic));
  }

  /** Deletes what is expired, and the oldest entries while the file holds too much. */
  void sweep() {
    long now = milliseconds(clock.instant());
    asked(
        "delete expired entries",
        () -> {
          int deleted = BATCH;
          while (deleted == BATCH) {
            deleted =
                file.write(
                    connection ->
                        StoreFile.run(
                            connection,
                            "DELETE FROM entry WHERE id IN (SELECT id FROM entry WHERE expires <= ?"
                                + " LIMIT "
                                + BATCH
                                + ")",
                            now));
          }
          deleted = BATCH;
          while (deleted > 0 && usedBytes() > maximumBytes) {
            deleted =
                file.write(
                    connection ->
                        StoreFile.run(
                            connection,
                            "DELETE FROM entry WHERE id IN (SELECT id FROM entry ORDER BY id LIMIT "
                                + BATCH
                                + ")"));
          }
          return true;
        });
  }

  /** Returns how many entries the file has, expired ones that were not swept included. */
  long storedRows() {
    return asked(
        "count entries",
        () -> file.read(reader -> StoreFile.number(reader, "SELECT count(*) FROM entry")));
  }

  /** Lets the file grow to so many pages, or to what it has, as a full disk does. */
  void limitPages(long pages) {
    asked(
        "limit the file",
        () -> file.write(writer -> StoreFile.number(writer, "PRAGMA max_page_count = " + pages)));
  }

  /** Returns how many bytes of the file are in use. */
  private long usedBytes() throws SQLException {
    return file.read(
        connection -> {
          long pages = StoreFile.number(connection, "PRAGMA page_count");
          long free = StoreFile.number(connection, "PRAGMA freelist_count");
          return (pages - free) * StoreFile.number(connection, "PRAGMA page_size");
        });
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
    }
  }

  /** What is asked of the file. */
  private interface Question<T> {
    T ask() throws SQLException;
  }

  private static <T> T asked(String what, Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw StoreFile.failure(NAME, "cannot " + what, e);
    }
  }
}
