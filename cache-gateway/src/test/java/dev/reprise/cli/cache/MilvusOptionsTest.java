package dev.reprise.cli.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cli.io.InputException;
import dev.reprise.milvus.MilvusSemanticTier.Consistency;
import dev.reprise.milvus.MilvusStorage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MilvusOptionsTest {
  private static CacheSettings.Milvus settings(String... options) {
    MilvusOptions parsed = new MilvusOptions();
    CommandLine.populateCommand(parsed, options);
    return parsed.settings();
  }

  @Test
  void withoutOptionsTheStorageIsThatOfTheLibrary() {
    CacheSettings.Milvus settings = settings();
    assertThat(settings.uri()).isEqualTo("http://127.0.0.1:19530");
    assertThat(settings.collection()).isEqualTo("reprise");
    assertThat(settings.previousCollection()).isEmpty();
    assertThat(settings.consistency()).isEqualTo(Consistency.EVENTUALLY);
    assertThat(settings.storage()).isEqualTo(MilvusStorage.builder().build());
  }

  @Test
  void everyOptionArrives() {
    CacheSettings.Milvus settings =
        settings(
            "--milvus-index=hnsw_sq",
            "--milvus-index-parameter=M=8",
            "--milvus-search-parameter=refine_k=2",
            "--milvus-partitions=by-fingerprint",
            "--milvus-mmap=true",
            "--milvus-ttl=86400",
            "--milvus-consistency=session",
            "--milvus-previous-collection=older");
    assertThat(settings.storage())
        .isEqualTo(
            MilvusStorage.builder()
                .index(MilvusStorage.Index.HNSW_SQ)
                .indexParameter("M", "8")
                .searchParameter("refine_k", "2")
                .partitions(MilvusStorage.Partitions.BY_FINGERPRINT)
                .memory(MilvusStorage.Memory.MAPPED)
                .timeToLive(Duration.ofDays(1))
                .build());
    assertThat(settings.consistency()).isEqualTo(Consistency.SESSION);
    assertThat(settings.previousCollection()).isEqualTo("older");
  }

  @Test
  void whatCannotBeUsedIsRefusedByTheNameOfItsOption() {
    refused("--milvus-index=FLAT", "--milvus-index FLAT", "HNSW_SQ, IVF_RABITQ");
    refused("--milvus-partitions=yes", "--milvus-partitions yes", "BY_FINGERPRINT");
    refused("--milvus-mmap=on", "--milvus-mmap on", "server, true or false");
    refused("--milvus-consistency=strong", "--milvus-consistency strong", "BOUNDED");
    refused("--milvus-index-parameter=nlist=4", "--milvus-index-parameter", "HNSW has M");
    refused("--milvus-ttl=-1", "--milvus-ttl", "timeToLive");
  }

  private static void refused(String option, String... words) {
    assertThatThrownBy(() -> settings(option))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(words);
  }
}
