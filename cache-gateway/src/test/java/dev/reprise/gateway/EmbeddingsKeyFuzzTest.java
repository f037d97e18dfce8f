package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.openai.KeyFuzz;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@link KeyFuzz} for embeddings, where each input has a key of its own. */
class EmbeddingsKeyFuzzTest {
  private static final String[] EMBEDDINGS = {
    """
    {"model":"m","input":"K \\u00e9","encoding_format":"float"}
    """,
    """
    {"model":"m","input":["one","two"],"dimensions":2,"user":"u"}
    """,
    """
    {"model":"m","input":[1,2,3],"encoding_format":"base64"}
    """,
    """
    {"model":"m","input":[[1,2],[3],"1,2"],"input_type":"query","truncate":"END"}
    """,
    """
    {"model":"m","input":["K ; ,","K \\u00e9 K"," K"],"user":"a.b","seed":7,"dimensions":256,"metadata":{"a":"b"}}
    """,
  };

  @Test
  void inputsThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzzKeys(
        "/v1/embeddings",
        EMBEDDINGS,
        EmbeddingsKeyFuzzTest::keys,
        EmbeddingsKeyFuzzTest::normal,
        8);
  }

  /** Returns one hash of the keys of all inputs. */
  private static String keys(ObjectNode body) {
    List<JsonNode> inputs = EmbeddingsEndpoint.inputs(body.path("input"));
    String keys =
        EmbeddingsEndpoint.requests(inputs, body, KeyFuzz.CONTEXT).values().stream()
            .map(request -> Canonicalizer.exactKey(request).hex())
            .collect(Collectors.joining(","));
    return ContentHash.of(keys.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String normal(ObjectNode body) {
    ObjectNode same = body.deepCopy();
    KeyFuzz.dropDefaults(same);
    JsonNode input = same.path("input");
    ArrayNode inputs = Json.object().arrayNode();
    if (input.isTextual() || input.path(0).isNumber()) {
      inputs.add(input);
    } else {
      // An input that is there twice has one key.
      Set<JsonNode> different = new LinkedHashSet<>();
      input.forEach(different::add);
      inputs.addAll(different);
    }
    same.set("input", inputs);
    return KeyFuzz.write(same);
  }
}
