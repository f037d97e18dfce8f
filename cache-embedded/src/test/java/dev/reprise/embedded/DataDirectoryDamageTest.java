package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embed.Vector;
import dev.reprise.key.Question;
import dev.reprise.model.CacheException;
import dev.reprise.testing.Entries;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a data directory makes of damaged files, full disks, torn writes and kills. */
@Timeout(120)
class DataDirectoryDamageTest {
  private static final int DIMENSION = HashEmbedder.DIMENSION;
  private static final String SAME = "embedder";
  private static final int KILLS = Integer.getInteger("reprise.kills", 4);
  private static final HashEmbedder EMBEDDER = new HashEmbedder();

  @TempDir Path folder;

  private final FakeClock clock = new FakeClock();

  private DataDirectory open() {
    return DataDirectory.builder(folder).clock(clock).open();
  }

  private Entry entry(String name) {
    return Entries.entry(name, clock.instant());
  }

  private SemanticTier semantic(DataDirectory directory, String embedder) {
    SemanticTier tier =
        directory.semanticTier(
            HnswSemanticTier.builder(DIMENSION).flatLimit(64).clock(clock).build(), embedder);
    tier.ensureReady();
    return tier;
  }

  private static SemanticRow row(Entry entry, Vector vector) {
    Question.Semantic question = (Question.Semantic) entry.question();
    return new SemanticRow(entry.key(), question.fingerprint(), vector, entry.expiresAt());
  }

  private static List<Neighbour> found(SemanticTier tier, Entry like, Vector place) {
    return tier.search(((Question.Semantic) like.question()).fingerprint(), place, 5);
  }

  @Test
  void aFileOfAnotherVersionIsRefusedAndLeftAlone() throws Exception {
    open().close();
    sql("PRAGMA user_version = 99");
    assertThatThrownBy(this::open)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("format 99")
        .hasMessageContaining("another data directory");
    sql("PRAGMA user_version = " + StoreFile.FORMAT);
    open().close();
  }

  @Test
  void aFileOfAnotherProgramIsRefused() throws Exception {
    sql("CREATE TABLE theirs (id INTEGER)");
    assertThatThrownBy(this::open)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("is not a file of Reprise");
  }

  @Test
  void aDamagedFileIsRefusedInPlainWords() throws Exception {
    Files.writeString(database(), "this is no database at all".repeat(400));
    assertThatThrownBy(this::open)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("damaged or not a database");
  }

  /** A bit of a row or of an entry is not as it was written: at most a miss comes of it. */
  @Test
  void aFlippedBitIsAMissAndNeverAnotherAnswer() throws Exception {
    Random random = new Random(1);
    List<Entry> entries = new ArrayList<>();
    try (DataDirectory first = open()) {
      SemanticTier tier = semantic(first, SAME);
      for (int i = 0; i < 200; i++) {
        Entry entry = entry("entry " + i);
        entries.add(entry);
        first.exactTier().store(entry);
        tier.store(row(entry, EMBEDDER.vector("place " + i)));
      }
    }
    flip("entry", "body", "id", random);
    flip("row", "vector", "key", random);
    try (DataDirectory second = open()) {
      SemanticTier tier = semantic(second, SAME);
      int gone = 0;
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        gone += second.exactTier().fetch(entry.key()).isEmpty() ? 1 : 0;
        second
            .exactTier()
            .fetch(entry.key())
            .ifPresent(fetched -> assertThat(fetched.entry()).isEqualTo(entry));
        Vector place = EMBEDDER.vector("place " + i);
        for (Neighbour neighbour : found(tier, entry, place)) {
          assertThat(neighbour.similarity().cosine()).isLessThanOrEqualTo(1.0001);
        }
      }
      assertThat(gone).isEqualTo(entries.size());
    }
  }

  /** Flips one bit of a column in every row. */
  private void flip(String table, String column, String id, Random random) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement read = connection.createStatement();
        PreparedStatement write =
            connection.prepareStatement(
                "UPDATE " + table + " SET " + column + " = ? WHERE " + id + " = ?")) {
      ResultSet rows = read.executeQuery("SELECT " + id + ", " + column + " FROM " + table);
      while (rows.next()) {
        byte[] bytes = rows.getBytes(2);
        int bit = random.nextInt(8 * bytes.length);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        write.setBytes(1, bytes);
        write.setObject(2, rows.getObject(1));
        write.addBatch();
      }
      write.executeBatch();
    }
  }

  @Test
  void rowsThatNoTierWroteAreLeftOut() throws Exception {
    Entry good = entry("good");
    Entry forged = entry("forged");
    Vector place = EMBEDDER.vector("somewhere");
    try (DataDirectory first = open()) {
      SemanticTier tier = semantic(first, SAME);
      for (Entry entry : List.of(good, forged)) {
        first.exactTier().store(entry);
        tier.store(row(entry, place));
      }
    }
    String ofForged = " WHERE key = x'" + forged.key().hex() + "'";
    for (String vector :
        List.of(
            "x''",
            "x'0000'",
            "zeroblob(" + 4 * DIMENSION + ")",
            "randomblob(" + 4 * DIMENSION + ")",
            "randomblob(4)",
            "x'0000c07f'")) {
      sql("UPDATE row SET vector = " + vector + ofForged);
      try (DataDirectory second = open()) {
        assertThat(found(semantic(second, SAME), good, place))
            .as(vector)
            .extracting(Neighbour::pointer)
            .containsExactly(good.key());
      }
    }
  }

  private Path database() {
    return folder.resolve("reprise.db");
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void aFullDiskFailsTheStoreAndNothingElse() {
    try (DataDirectory directory = open()) {
      DirectoryExactTier tier = (DirectoryExactTier) directory.exactTier();
      Entry before = entry("before");
      tier.store(before);
      tier.limitPages(1);
      byte[] noise = new byte[50_000];
      new Random(3).nextBytes(noise);
      Entry large =
          Entries.builder("large", clock.instant())
              .text(Base64.getEncoder().encodeToString(noise))
              .build();
      assertThatThrownBy(() -> tier.store(large))
          .isInstanceOf(TierException.class)
          .hasMessageContaining("full");
      assertThat(tier.fetch(before.key())).isPresent();
      assertThat(tier.fetch(large.key())).isEmpty();
      tier.limitPages(1_000_000);
      tier.store(large);
      assertThat(tier.fetch(large.key())).isPresent();
    }
  }

  /** Whatever of the write-ahead log reached the disk: each entry is whole or absent. */
  @Test
  void aTornWriteDamagesNothing() throws Exception {
    Random random = new Random(7);
    Path copies = Files.createDirectory(folder.resolve("copies"));
    Path home = folder.resolve("home");
    List<Entry> stored = new ArrayList<>();
    try (DataDirectory directory = DataDirectory.builder(home).clock(clock).open()) {
      for (int i = 0; i < 300; i++) {
        Entry entry = Entries.random(random, clock.instant());
        directory.exactTier().store(entry);
        stored.add(entry);
        if (i % 20 == 19) {
          tornCopy(home, copies.resolve("torn-" + i), random);
        }
      }
    }
    int torn = 0;
    try (var directories = Files.list(copies)) {
      for (Path copy : (Iterable<Path>) directories::iterator) {
        torn++;
        try (DataDirectory directory = DataDirectory.builder(copy).clock(clock).open()) {
          List<Entry> left = new ArrayList<>();
          assertThat(directory.exactTier().scan(left::add)).isEqualTo(Scan.COMPLETE);
          assertThat(stored).containsAll(left);
          Entry more = entry("more");
          directory.exactTier().store(more);
          assertThat(directory.exactTier().fetch(more.key())).isPresent();
        }
      }
    }
    assertThat(torn).isEqualTo(15);
  }

  /** Copies the files, and cuts the log anywhere or overwrites its end with what it was not. */
  private static void tornCopy(Path from, Path to, Random random) throws IOException {
    Files.createDirectory(to);
    Files.copy(from.resolve("reprise.db"), to.resolve("reprise.db"));
    Path log = to.resolve("reprise.db-wal");
    Files.copy(from.resolve("reprise.db-wal"), log);
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      long at = (long) (random.nextDouble() * file.length());
      if (random.nextBoolean()) {
        file.setLength(at);
      } else {
        byte[] noise = new byte[(int) Math.min(5_000, file.length() - at)];
        random.nextBytes(noise);
        file.seek(at);
        file.write(noise);
      }
    }
  }

  /** A process that is killed at any moment loses nothing that it said was stored. */
  @Test
  void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
    Random random = new Random(11);
    List<String> acknowledged = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(storeUntilKilled("run" + kill, 50 + random.nextInt(400)));
      try (DataDirectory directory = DataDirectory.open(folder.resolve("killed"))) {
        ExactTier tier = directory.exactTier();
        for (String name : acknowledged) {
          assertThat(tier.fetch(Entries.key(name))).as(name).isPresent();
        }
        List<Entry> whole = new ArrayList<>();
        assertThat(tier.scan(whole::add)).isEqualTo(Scan.COMPLETE);
        assertThat(whole).hasSizeGreaterThanOrEqualTo(acknowledged.size());
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(50 * KILLS);
    System.out.println(KILLS + " kills, " + acknowledged.size() + " acknowledged entries, 0 lost");
  }

  private List<String> storeUntilKilled(String prefix, int enough) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DataDirectoryProgram.class.getName(),
                folder.resolve("killed").toString(),
                prefix)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> names = new ArrayList<>();
    try (var lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null) {
        // The last line may have been cut.
        if (names.size() == enough) {
          // By its handle: the process itself would close the stream that is read here.
          process.toHandle().destroyForcibly();
        }
        names.add(line);
        line = lines.readLine();
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    names.remove(names.size() - 1);
    return names;
  }
}
