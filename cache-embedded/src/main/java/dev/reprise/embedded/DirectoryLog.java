package dev.reprise.embedded;

import dev.reprise.tier.SharedLog;
import dev.reprise.tier.TierException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The records of a {@link DataDirectory}: what was reported as wrong outlives the process. */
final class DirectoryLog implements SharedLog {
  private final StoreFile file;
  private final Topic topic;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();

  DirectoryLog(StoreFile file, Topic topic) {
    this.file = file;
    this.topic = topic;
  }

  @Override
  public synchronized void append(String record) {
    try {
      file.write(
          connection -> {
            StoreFile.run(
                connection, "INSERT INTO log (topic, record) VALUES (?, ?)", topic.name(), record);
            return StoreFile.run(
                connection,
                "DELETE FROM log WHERE topic = ?1 AND id <= (SELECT id FROM log WHERE topic = ?1"
                    + " ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                topic.name(),
                topic.mostRecords());
          });
    } catch (SQLException e) {
      throw StoreFile.failure(DirectoryExactTier.NAME, "cannot append a record", e);
    }
    readers.forEach(reader -> reader.read(record, Writer.THIS));
  }

  @Override
  public synchronized void follow(Reader reader) {
    List<String> records = new ArrayList<>();
    try {
      file.read(
          connection -> {
            try (PreparedStatement statement =
                connection.prepareStatement("SELECT record FROM log WHERE topic = ? ORDER BY id")) {
              statement.setString(1, topic.name());
              try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                  records.add(result.getString(1));
                }
              }
              return true;
            }
          });
    } catch (SQLException e) {
      throw new TierException(DirectoryExactTier.NAME, "cannot read records: " + e.getMessage(), e);
    }
    records.forEach(record -> reader.read(record, Writer.ANOTHER));
    readers.add(reader);
  }
}
