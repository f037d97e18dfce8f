package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import io.milvus.v2.exception.ErrorCode;
import io.milvus.v2.exception.MilvusClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Failed to initialize connection. Error: service not ready[standalone=1]: Abnormal",
        "service not ready[datacoord=1]: Initializing",
        "component proxy state is StandBy",
        "proxy is not healthy: server is starting",
        "there is no available querynode",
      })
  void aServerThatIsStartingIsUnreachable(String said) {
    assertThat(MilvusFailures.kind(new RuntimeException(said)))
        .isEqualTo(MilvusFailures.Kind.UNREACHABLE);
    assertThat(MilvusFailures.kind(new IllegalStateException("outer", new RuntimeException(said))))
        .isEqualTo(MilvusFailures.Kind.UNREACHABLE);
    assertThat(MilvusFailures.kind(new MilvusClientException(ErrorCode.SERVER_ERROR, said)))
        .isEqualTo(MilvusFailures.Kind.UNREACHABLE);
  }

  @Test
  void whatIsSetUpWronglyIsNot() {
    assertThat(MilvusFailures.kind(new RuntimeException("dimension mismatch")))
        .isEqualTo(MilvusFailures.Kind.OTHER);
    assertThat(MilvusFailures.kind(new MilvusClientException(ErrorCode.SERVER_ERROR, "not loaded")))
        .isEqualTo(MilvusFailures.Kind.COLLECTION_GONE);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:19530, 'which has no scheme; did you mean http://localhost:19530?'",
    "milvus.example.org:19530, 'which has no scheme; did you mean"
        + " http://milvus.example.org:19530?'",
    "127.0.0.1:19530, 'did you mean http://127.0.0.1:19530?'",
    "http://localhost, 'uri must be http://host:port'",
  })
  void aUriWithoutSchemeIsExplained(String uri, String message) {
    assertThatThrownBy(() -> MilvusSemanticTier.builder(uri, new Two()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void nullIsRefusedByName() {
    assertThatThrownBy(() -> MilvusSemanticTier.builder(null, new Two()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("uri");
  }

  private static final class Two implements Embedder {
    @Override
    public String id() {
      return "two";
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public Embedding embed(String text) {
      return new Embedding.Embedded(Vector.normalized(new float[] {1, 1}));
    }
  }
}
