package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.milvus.MilvusStorage.Index;
import dev.reprise.milvus.MilvusStorage.Memory;
import dev.reprise.milvus.MilvusStorage.Partitions;
import dev.reprise.tier.TierException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MilvusStorageTest {
  private static MilvusStorage of(Index index) {
    return MilvusStorage.builder().index(index).build();
  }

  @Test
  void parametersAreAddedToThoseOfTheGraph() {
    assertThat(of(Index.HNSW).indexParameters(16, 200))
        .containsOnly(entry("M", 16), entry("efConstruction", 200));
    MilvusStorage small =
        MilvusStorage.builder()
            .index(Index.HNSW_SQ)
            .indexParameter("M", "8")
            .indexParameter("sq_type", "SQ6")
            .build();
    assertThat(small.indexParameters(16, 200))
        .containsOnly(entry("M", "8"), entry("efConstruction", 200), entry("sq_type", "SQ6"));
    assertThat(of(Index.DISKANN).indexParameters(16, 200)).isEmpty();
    assertThat(of(Index.IVF_RABITQ).indexParameters(16, 200)).containsKeys("nlist", "refine_type");
  }

  private static java.util.Map.Entry<String, Object> entry(String name, Object value) {
    return java.util.Map.entry(name, value);
  }

  @Test
  void whatAnIndexDoesNotHaveIsRefusedWithWhatItHas() {
    assertThatThrownBy(() -> MilvusStorage.builder().indexParameter("nlist", "9").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("indexParameter nlist: the index HNSW has M, efConstruction");
    assertThatThrownBy(
            () -> MilvusStorage.builder().index(Index.DISKANN).indexParameter("M", "9").build())
        .hasMessageContaining("DISKANN has none");
    assertThatThrownBy(
            () ->
                MilvusStorage.builder()
                    .index(Index.HNSW_SQ)
                    .indexParameter("sq_type", "SQ9")
                    .build())
        .hasMessageContaining("sq_type is SQ9")
        .hasMessageContaining("SQ8");
    assertThatThrownBy(() -> MilvusStorage.builder().searchParameter("ef", "0").build())
        .hasMessageContaining("searchParameter ef is 0");
    assertThatThrownBy(() -> MilvusStorage.builder().timeToLive(Duration.ZERO))
        .hasMessageContaining("timeToLive");
  }

  /** Environment variables have no case, and Spring drops underscores from names. */
  @ParameterizedTest
  @CsvSource({
    "HNSW, m, 8, M, 8",
    "HNSW, efconstruction, 90, efConstruction, 90",
    "HNSW, ef-construction, 90, efConstruction, 90",
    "HNSW_SQ, sqtype, sq8, sq_type, SQ8",
    "HNSW_SQ, SQ-TYPE, Bf16, sq_type, BF16",
    "HNSW_SQ, refineType, fp16, refine_type, FP16",
    "IVF_RABITQ, NLIST, 64, nlist, 64",
    "IVF_RABITQ, Refine, TRUE, refine, true",
  })
  void parametersAreSpelledAsMilvusSpellsThem(
      Index index, String name, String value, String spelled, String spelledValue) {
    assertThat(
            MilvusStorage.builder()
                .index(index)
                .indexParameter(name, value)
                .build()
                .indexParameters(16, 200))
        .containsEntry(spelled, spelledValue);
    assertThat(MilvusStorage.builder().searchParameter("EF", "99").build().searchParameters())
        .isEqualTo(java.util.Map.of("ef", "99"));
  }

  @Test
  void onlyWhatTheFirstSchemaHasFitsIt() {
    assertThat(MilvusStorage.builder().searchParameter("ef", "99").build().fitsSchema1()).isTrue();
    assertThat(of(Index.AUTOINDEX).fitsSchema1()).isFalse();
    assertThat(MilvusStorage.builder().partitions(Partitions.BY_FINGERPRINT).build().fitsSchema1())
        .isFalse();
    assertThat(MilvusStorage.builder().memory(Memory.MAPPED).build().fitsSchema1()).isFalse();
    assertThat(MilvusStorage.builder().timeToLive(Duration.ofDays(1)).build().fitsSchema1())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "v2.3.5, HNSW_SQ, 2.5 or newer",
    "2.4.23-gpu, HNSW_SQ, 2.5 or newer",
    "v2.5.27, IVF_RABITQ, 2.6 or newer",
    "milvus_lite-3.2.2, IVF_RABITQ, Lite",
    "milvus_lite-3.2.2, DISKANN, Lite"
  })
  void anIndexThatTheServerLacksIsRefusedWithTheReason(String version, Index index, String why) {
    assertThatThrownBy(() -> ServerVersion.of(version).check(of(index)))
        .isInstanceOf(TierException.class)
        .hasMessageContainingAll(index.name(), version, why);
  }

  @ParameterizedTest
  @CsvSource({
    "v2.3.5-lite, DISKANN",
    "v2.3.5, DISKANN",
    "v2.3.5, AUTOINDEX",
    "milvus_lite-3.2.2, HNSW_SQ",
    "v2.5.0, HNSW_SQ",
    "v2.6.16, IVF_RABITQ",
    "v10.0.1, IVF_RABITQ",
    "master-20261101-abcdef, IVF_RABITQ"
  })
  void anIndexThatTheServerHasOrMayHaveIsNotRefused(String version, Index index) {
    assertThatCode(() -> ServerVersion.of(version).check(of(index))).doesNotThrowAnyException();
  }

  @Test
  void otherThingsThatTheServerLacksAreRefused() {
    MilvusStorage mapped = MilvusStorage.builder().memory(Memory.MAPPED).build();
    assertThatThrownBy(() -> ServerVersion.of("v2.4.9").check(mapped))
        .hasMessageContaining("mmap needs 2.5 or newer");
    MilvusStorage expiring = MilvusStorage.builder().timeToLive(Duration.ofDays(1)).build();
    assertThatThrownBy(() -> ServerVersion.of("milvus_lite-3.2.2").check(expiring))
        .hasMessageContaining("time to live");
  }

  @Test
  void upsertsIntoPartitionsAreTrustedFromTheVersionThatMendedThem() {
    assertThat(ServerVersion.of("v2.3.5").upsertsIntoPartitions()).isFalse();
    assertThat(ServerVersion.of("v2.3.5-lite").upsertsIntoPartitions()).isFalse();
    assertThat(ServerVersion.of("v2.4.0").upsertsIntoPartitions()).isTrue();
    assertThat(ServerVersion.of("milvus_lite-3.2.2").upsertsIntoPartitions()).isTrue();
    assertThat(ServerVersion.of("v2.4.0").isolates(Index.HNSW)).isFalse();
    assertThat(ServerVersion.of("v2.5.0").isolates(Index.HNSW)).isTrue();
    assertThat(ServerVersion.of("v2.5.0").isolates(Index.HNSW_SQ)).isFalse();
    assertThat(ServerVersion.of("milvus_lite-3.2.2").isolates(Index.HNSW)).isFalse();
  }
}
