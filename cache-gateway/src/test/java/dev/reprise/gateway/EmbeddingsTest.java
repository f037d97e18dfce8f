package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.gateway.http.Json;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** /v1/embeddings. */
class EmbeddingsTest extends GatewayFixture {
  @Test
  void onlyMissingInputsAreAskedForAndTheirOrderIsKept() throws Exception {
    embed("[\"a\",\"bb\"]");
    HttpResponse<String> mixed = embed("[\"ccc\",\"a\",\"dddd\",\"bb\",\"ccc\"]");
    HttpResponse<String> single = embed("\"ccc\"");

    assertThat(upstream.received()).hasSize(2);
    assertThat(upstream.received().get(1).json().path("input"))
        .isEqualTo(Json.read("[\"ccc\",\"dddd\"]"));
    JsonNode data = Json.read(mixed.body()).path("data");
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      assertThat(data.get(i).path("index").asInt()).isEqualTo(i);
      lengths.add(data.get(i).path("embedding").get(0).asInt());
    }
    assertThat(lengths).containsExactly(3, 1, 4, 2, 3);
    assertThat(Json.read(mixed.body()).path("usage").path("total_tokens").asInt()).isEqualTo(2);
    assertThat(cache(mixed)).isEqualTo("miss");
    assertThat(cache(single)).isEqualTo("hit-exact");
    assertThat(Json.read(single.body()).path("model").asText()).isEqualTo("embed-1");
  }
}
