package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.milvus.MilvusSemanticTier.Consistency;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MilvusSemanticTierTest {
  private static final String URI = "http://127.0.0.1:19530";

  private static MilvusSemanticTier.Builder builder() {
    return MilvusSemanticTier.builder(URI, Rows.EMBEDDER, Rows.DIMENSION);
  }

  @Test
  void everyDefaultIsPinned() {
    Options options = builder().options();
    assertThat(options.server().uri()).isEqualTo(URI);
    assertThat(options.server().token()).isEmpty();
    assertThat(options.server().user()).isEmpty();
    assertThat(options.server().password()).isEmpty();
    assertThat(options.server().database()).isEmpty();
    assertThat(options.collection()).isEqualTo("reprise");
    assertThat(options.embedderId()).isEqualTo(Rows.EMBEDDER);
    assertThat(options.index().dimension()).isEqualTo(Rows.DIMENSION);
    assertThat(options.index().m()).isEqualTo(16);
    assertThat(options.index().efConstruction()).isEqualTo(200);
    assertThat(options.index().ef()).isEqualTo(128);
    assertThat(options.consistency()).isEqualTo(Consistency.EVENTUALLY);
    assertThat(options.deadlines().search()).isEqualTo(Duration.ofMillis(50));
    assertThat(options.deadlines().write()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.deadlines().connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Duration.between(options.clock().instant(), Instant.now()).abs())
        .isLessThan(Duration.ofMinutes(1));
    assertThat(options.storage().index()).isEqualTo(MilvusStorage.Index.HNSW);
    assertThat(options.storage().partitions()).isEqualTo(MilvusStorage.Partitions.NONE);
    assertThat(options.storage().memory()).isEqualTo(MilvusStorage.Memory.SERVER_DEFAULT);
    assertThat(options.storage().timeToLive()).isEmpty();
    assertThat(options.storage().fitsSchema1()).isTrue();
    assertThat(options.previousCollection()).isEmpty();
    assertThat(options.use()).isEqualTo(Options.Use.CURRENT);
    assertThat(
            Stream.of(
                    Options.class,
                    Options.Server.class,
                    Options.Index.class,
                    Options.Deadlines.class)
                .map(type -> type.getRecordComponents().length))
        .as("a new option is pinned here")
        .containsExactly(10, 5, 4, 3);
  }

  @Test
  void everyOptionArrives() {
    Options options =
        builder()
            .credentials("user", "secret")
            .database("db")
            .collection("mine")
            .m(2)
            .efConstruction(8)
            .ef(1)
            .consistency(Consistency.SESSION)
            .deadline(Duration.ofMillis(1))
            .writeDeadline(Duration.ofMillis(2))
            .connectDeadline(Duration.ofMillis(3))
            .previousCollection("older")
            .options();
    assertThat(options.previousCollection()).isEqualTo("older");
    assertThat(options.previous().collection()).isEqualTo("older");
    assertThat(options.previous().use()).isEqualTo(Options.Use.PREVIOUS);
    assertThat(options.server().user()).isEqualTo("user");
    assertThat(options.server().password()).isEqualTo("secret");
    assertThat(options.server().database()).isEqualTo("db");
    assertThat(options.collection()).isEqualTo("mine");
    assertThat(options.index().m()).isEqualTo(2);
    assertThat(options.index().efConstruction()).isEqualTo(8);
    assertThat(options.index().ef()).isEqualTo(1);
    assertThat(options.consistency()).isEqualTo(Consistency.SESSION);
    assertThat(options.deadlines().search()).isEqualTo(Duration.ofMillis(1));
    assertThat(options.deadlines().write()).isEqualTo(Duration.ofMillis(2));
    assertThat(options.deadlines().connect()).isEqualTo(Duration.ofMillis(3));
    assertThat(builder().token("token").options().server().token()).isEqualTo("token");
    assertThat(options.toString()).contains(URI).doesNotContain("secret");
  }

  @Test
  void aWrongNumberIsRefusedWithItsNameValueAndRange() {
    refused(b -> b.m(1), "m is 1", "from 2 to 2048");
    refused(b -> b.m(2049), "m is 2049", "from 2 to 2048");
    refused(b -> b.efConstruction(7), "efConstruction is 7", "from 8 to 4096");
    refused(b -> b.efConstruction(4097), "efConstruction is 4097", "from 8 to 4096");
    refused(b -> b.ef(0), "ef is 0", "from 1 to 32768");
    refused(b -> b.ef(32_769), "ef is 32769", "from 1 to 32768");
    refused(b -> b.deadline(Duration.ZERO), "deadline is PT0S", "from PT0.001S to PT1M");
    refused(b -> b.writeDeadline(Duration.ofHours(1)), "writeDeadline is PT1H", "to PT1M");
    refused(b -> b.connectDeadline(Duration.ofNanos(1)), "connectDeadline is", "to PT1M");
    assertThatThrownBy(() -> MilvusSemanticTier.builder(URI, "id", 0))
        .hasMessageContaining("dimension is 0")
        .hasMessageContaining("from 1 to 32768");
    assertThatThrownBy(() -> MilvusSemanticTier.builder(URI, "id", 32_769))
        .hasMessageContaining("dimension is 32769");
  }

  @Test
  void aWrongTextIsRefused() {
    refused(b -> b.collection("a-b"), "collection is a-b", "letters, digits and underscores");
    refused(b -> b.collection(""), "collection is ", "letters, digits and underscores");
    refused(b -> b.previousCollection("a b"), "previousCollection is a b");
    refused(b -> b.previousCollection("reprise").build(), "which is the collection itself");
    refused(b -> b.database("x; drop"), "database is x; drop", "letters, digits");
    refused(b -> b.token(" "), "token must not be blank");
    refused(b -> b.credentials(" ", "p"), "user must not be blank");
    refused(b -> b.credentials("u", ""), "password must not be blank");
    refused(b -> b.credentials("u", "p").token("t").build(), "token and credentials exclude");
    assertThatThrownBy(() -> MilvusSemanticTier.builder(URI, " ", 3))
        .hasMessageContaining("embedderId must not be blank");
    assertThatThrownBy(() -> MilvusSemanticTier.builder(URI, "a\nb", 3))
        .hasMessageContaining("control characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:19530",
        "localhost",
        "http://localhost",
        "grpc://localhost:19530",
        "http://localhost:19530/path",
        "http://localhost:19530?x=y",
        "http://local host:19530",
        ""
      })
  void anAddressOfAnotherFormIsRefused(String uri) {
    assertThatThrownBy(() -> MilvusSemanticTier.builder(uri, "id", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://host:port");
  }

  @Test
  void aPasswordInTheAddressIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> MilvusSemanticTier.builder("http://u:secret@localhost:1", "id", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("credentials")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aFilterHoldsHashesAndNumbersOnly() {
    assertThat(Filters.alive(Rows.fingerprint("\" or 1 == 1"), Instant.ofEpochMilli(1234)))
        .matches("fingerprint == \"[0-9a-f]{64}\" and expires_at > 1234");
    assertThat(Filters.pointer(Rows.pointer("\"] or pointer != \"")))
        .matches("pointer in \\[\"[0-9a-f]{64}\"]");
    assertThat(Filters.expired(Instant.ofEpochMilli(-5))).isEqualTo("expires_at <= -5");
    assertThat(Filters.expired(Instant.MAX)).isEqualTo("expires_at <= " + Long.MAX_VALUE);
  }

  @Test
  void buildingDoesNoIoAndASearchWithoutAConnectionFailsAtOnce() {
    // Nobody listens on port 1: a constructor that connected would fail here.
    try (MilvusSemanticTier tier =
        MilvusSemanticTier.builder("http://127.0.0.1:1", Rows.EMBEDDER, Rows.DIMENSION).build()) {
      assertThat(tier.name()).isEqualTo("milvus");
      assertThat(tier.deadlineOwner()).isEqualTo(DeadlineOwner.TIER);
      assertThatThrownBy(() -> tier.search(Rows.fingerprint("f"), Rows.axis(0), 1))
          .isInstanceOf(TierException.class)
          .hasMessageContaining("not connected");
    }
  }

  @Test
  void aVectorOfAnotherDimensionIsRefused() {
    try (MilvusSemanticTier tier = builder().build()) {
      assertThatThrownBy(
              () ->
                  tier.search(
                      Rows.fingerprint("f"),
                      dev.reprise.embed.Vector.normalized(new float[] {1}),
                      1))
          .isInstanceOf(TierException.class)
          .hasMessageContaining("dimension 1 ");
    }
  }

  @Test
  void aClosedTierSaysSo() {
    MilvusSemanticTier tier = builder().build();
    tier.close();
    tier.close();
    assertThatThrownBy(tier::ensureReady)
        .isInstanceOf(TierException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(tier::sweep)
        .isInstanceOf(TierException.class)
        .hasMessageContaining("closed");
  }

  private static void refused(Consumer<MilvusSemanticTier.Builder> option, String... words) {
    assertThatThrownBy(() -> option.accept(builder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
  }
}
