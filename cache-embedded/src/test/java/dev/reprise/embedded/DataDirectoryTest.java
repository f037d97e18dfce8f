package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embed.Vector;
import dev.reprise.key.Question;
import dev.reprise.model.CacheException;
import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.SharedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DataDirectoryTest {
  private static final int DIMENSION = HashEmbedder.DIMENSION;
  private static final String SAME = "embedder";
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

  @Test
  void whatIsStoredIsThereAfterARestart() {
    Entry kept = Entries.builder("kept", clock.instant()).tags(Tag.of("news")).build();
    Entry removed = entry("removed");
    try (DataDirectory first = open()) {
      first.exactTier().store(kept);
      first.exactTier().store(removed);
      first.exactTier().remove(removed.key());
    }
    try (DataDirectory second = open()) {
      ExactTier tier = second.exactTier();
      assertThat(tier.fetch(kept.key()).orElseThrow().entry()).isEqualTo(kept);
      assertThat(tier.fetch(removed.key())).isEmpty();
      assertThat(tier.invalidate(Tag.of("news"))).isEqualTo(1);
    }
    try (DataDirectory third = open()) {
      assertThat(third.exactTier().fetch(kept.key())).isEmpty();
    }
  }

  @Test
  void rowsAreFoundAfterARestartWhileTheirEntriesAreThere() {
    Entry kept = entry("kept");
    Entry removed = entry("removed");
    Vector place = EMBEDDER.vector("somewhere");
    try (DataDirectory first = open()) {
      SemanticTier tier = semantic(first, SAME);
      for (Entry entry : List.of(kept, removed)) {
        first.exactTier().store(entry);
        tier.store(row(entry, place));
      }
      first.exactTier().remove(removed.key());
    }
    try (DataDirectory second = open()) {
      assertThat(found(semantic(second, SAME), kept, place))
          .extracting(Neighbour::pointer)
          .containsExactly(kept.key());
    }
  }

  @Test
  void theNewestRowsAreLoadedWhereThereAreTooMany() {
    int count = 30;
    int most = 10;
    try (DataDirectory first = open()) {
      SemanticTier tier = semantic(first, SAME);
      for (int i = 0; i < count; i++) {
        Entry entry = entry("entry " + i);
        first.exactTier().store(entry);
        tier.store(row(entry, EMBEDDER.vector("place " + i)));
      }
    }
    try (DataDirectory second = open()) {
      HnswSemanticTier index =
          HnswSemanticTier.builder(DIMENSION).maximumEntries(most).clock(clock).build();
      SemanticTier tier = second.semanticTier(index, SAME);
      tier.ensureReady();
      assertThat(index.size()).isEqualTo(most);
      for (int i = 0; i < count; i++) {
        Entry entry = entry("entry " + i);
        List<Neighbour> near =
            tier.search(
                ((Question.Semantic) entry.question()).fingerprint(),
                EMBEDDER.vector("place " + i),
                most);
        assertThat(near.stream().map(Neighbour::pointer).anyMatch(entry.key()::equals))
            .as("entry %d", i)
            .isEqualTo(i >= count - most);
      }
    }
  }

  @Test
  void rowsOfAnotherEmbedderAreNotSearched() {
    Entry entry = entry("one");
    Vector place = EMBEDDER.vector("somewhere");
    try (DataDirectory first = open()) {
      first.exactTier().store(entry);
      semantic(first, SAME).store(row(entry, place));
    }
    try (DataDirectory second = open()) {
      assertThat(found(semantic(second, "another"), entry, place)).isEmpty();
      assertThat(second.exactTier().fetch(entry.key())).isPresent();
    }
    try (DataDirectory third = open()) {
      assertThat(found(semantic(third, SAME), entry, place)).hasSize(1);
    }
  }

  private static List<Neighbour> found(SemanticTier tier, Entry like, Vector place) {
    return tier.search(((Question.Semantic) like.question()).fingerprint(), place, 5);
  }

  @Test
  void manyRowsAreFoundWhileTheirGraphIsBuiltAndAfterIt() throws Exception {
    int count = 400;
    List<Entry> entries = new ArrayList<>();
    try (DataDirectory first = open()) {
      SemanticTier tier = semantic(first, SAME);
      for (int i = 0; i < count; i++) {
        Entry entry = entry("entry " + i);
        entries.add(entry);
        first.exactTier().store(entry);
        tier.store(row(entry, EMBEDDER.vector("place " + i)));
      }
    }
    try (DataDirectory second = open()) {
      HnswSemanticTier index =
          HnswSemanticTier.builder(DIMENSION).flatLimit(64).ef(400).clock(clock).build();
      SemanticTier tier = second.semanticTier(index, SAME);
      tier.ensureReady();
      HnswPartition partition = index.partition(Entries.fingerprint("any"));
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < count; i += 7) {
          assertThat(found(tier, entries.get(i), EMBEDDER.vector("place " + i)))
              .extracting(Neighbour::pointer)
              .contains(entries.get(i).key());
        }
        Entry late = entry("late " + round);
        tier.store(row(late, EMBEDDER.vector("late " + round)));
        assertThat(found(tier, late, EMBEDDER.vector("late " + round)).get(0).pointer())
            .isEqualTo(late.key());
        Eventually.that("the rows are a graph", partition::isGraph);
      }
      assertThat(partition.occupants()).isEqualTo(count + 2);
    }
  }

  /** The graph is in a file of its own; without it, or with an old one, all rows are found. */
  @Test
  void aGraphIsReadAgainAndRowsAreFoundWithoutIt() throws Exception {
    int count = 300;
    Path graphs = folder.resolve("reprise.graphs");
    byte[] old = {};
    for (int round = 0; round < 3; round++) {
      HnswGraphSettings settings;
      int linked;
      try (DataDirectory directory = open()) {
        HnswSemanticTier index =
            HnswSemanticTier.builder(DIMENSION).flatLimit(64).ef(1_000).clock(clock).build();
        try (SemanticTier tier = directory.semanticTier(index, SAME)) {
          tier.ensureReady();
          for (int i = round * count; i < (round + 1) * count; i++) {
            Entry entry = entry("entry " + i);
            directory.exactTier().store(entry);
            tier.store(row(entry, EMBEDDER.vector("place " + i)));
          }
          HnswPartition partition = index.partition(Entries.fingerprint("any"));
          Eventually.that("the rows are a graph", partition::isGraph);
          settings = index.settings();
          linked = index.linkedRows();
          for (int i = 0; i < (round + 1) * count; i++) {
            assertThat(found(tier, entry("entry " + i), EMBEDDER.vector("place " + i)))
                .extracting(Neighbour::pointer)
                .contains(entry("entry " + i).key());
          }
        }
      }
      assertThat(new GraphFile(graphs, SAME).read(settings).values())
          .as("round %d", round)
          .singleElement()
          .satisfies(graph -> assertThat(graph.size()).isEqualTo(linked));
      // The last start finds the graph of the first end, as after a kill.
      old = round == 0 ? Files.readAllBytes(graphs) : old;
      Files.write(graphs, old);
    }
  }

  @Test
  void recordsAreKeptByTopicAndToldOnce() {
    List<String> heard = new ArrayList<>();
    try (DataDirectory first = open()) {
      log(first, SharedLog.Topic.REPORTS).append("one");
      log(first, SharedLog.Topic.DEFINITIONS).append("another");
    }
    try (DataDirectory second = open()) {
      SharedLog reports = log(second, SharedLog.Topic.REPORTS);
      reports.follow((record, writer) -> heard.add(record + " " + writer));
      reports.append("two");
    }
    assertThat(heard).containsExactly("one ANOTHER", "two THIS");
  }

  @Test
  void theOldestRecordsOfATopicGo() {
    SharedLog.Topic topic = SharedLog.Topic.CONVERSATIONS;
    List<String> heard = new ArrayList<>();
    try (DataDirectory directory = open()) {
      log(directory, SharedLog.Topic.REPORTS).append("kept");
      for (int i = 0; i < topic.mostRecords() + 5; i++) {
        log(directory, topic).append("record " + i);
      }
      log(directory, topic).follow((record, writer) -> heard.add(record));
      assertThat(heard).hasSize(topic.mostRecords()).startsWith("record 5");
      log(directory, SharedLog.Topic.REPORTS).follow((record, writer) -> heard.add(record));
      assertThat(heard).endsWith("kept");
    }
  }

  private static SharedLog log(DataDirectory directory, SharedLog.Topic topic) {
    return directory.exactTier().sharedLog(topic).orElseThrow();
  }

  @Test
  void aDirectoryInUseIsRefusedInPlainWords() {
    try (DataDirectory first = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("in use by another process or engine");
      first.exactTier().store(entry("still works"));
    }
    open().close();
  }

  @Test
  void expiredAndOldestEntriesMakeRoom() {
    try (DataDirectory directory =
        DataDirectory.builder(folder)
            .maximumBytes(DataDirectory.SMALLEST_MAXIMUM_BYTES)
            .clock(clock)
            .open()) {
      DirectoryExactTier tier = (DirectoryExactTier) directory.exactTier();
      for (int i = 0; i < 2_000; i++) {
        tier.store(
            Entries.builder("entry " + i, clock.instant())
                .text(Entries.entry("x", clock.instant()).key().hex().repeat(30))
                .build());
      }
      tier.sweep();
      List<Entry> left = new ArrayList<>();
      assertThat(tier.scan(left::add)).isEqualTo(Scan.COMPLETE);
      assertThat(left).isNotEmpty().hasSizeLessThan(1_500);
      assertThat(tier.fetch(Entries.key("entry 1999"))).isPresent();
      assertThat(tier.fetch(Entries.key("entry 0"))).isEmpty();
      clock.advance(Entries.LIFE.plus(Duration.ofSeconds(1)));
      tier.sweep();
      assertThat(tier.storedRows()).isZero();
    }
  }
}
