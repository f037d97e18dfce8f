package dev.reprise.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Vector;
import dev.reprise.match.Matcher;
import dev.reprise.model.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What was learnt, as JSON: the matcher's part, and the vectors of what was reported. No text. */
final class Learnt {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Learnt() {}

  static String write(String embedder, Matcher matcher, Vetoes vetoes) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("embedder", embedder);
    json.put("matcher", matcher.learnt());
    for (Vetoes.Veto veto : vetoes.all()) {
      json.withArray("wrong")
          .addObject()
          .put("scope", veto.scope().name())
          .put("asked", encoded(veto.asked()))
          .put("cached", encoded(veto.cached()));
    }
    return json.toString();
  }

  /**
   * Takes over what {@link #write} wrote.
   *
   * @return false if a part of it is of another format, embedder or matcher, or damaged; that part
   *     is left out
   */
  static boolean read(String written, String embedder, Matcher matcher, Vetoes vetoes) {
    try {
      JsonNode json = JSON.readTree(written);
      if (json.path("format").asInt() != FORMAT) {
        return false;
      }
      boolean isWhole = matcher.restore(json.path("matcher").asText());
      if (!json.path("embedder").asText().equals(embedder)) {
        return false;
      }
      List<Vetoes.Veto> read = new ArrayList<>();
      for (JsonNode veto : json.path("wrong")) {
        read.add(
            new Vetoes.Veto(
                Scope.of(veto.path("scope").asText()),
                decoded(veto.path("asked").asText()),
                decoded(veto.path("cached").asText())));
      }
      read.forEach(vetoes::add);
      return isWhole;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return false;
    }
  }

  private static String encoded(Vector vector) {
    float[] components = vector.toArray();
    ByteBuffer bytes = ByteBuffer.allocate(components.length * Float.BYTES);
    for (float component : components) {
      bytes.putFloat(component);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static Vector decoded(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    float[] components = new float[bytes.remaining() / Float.BYTES];
    for (int i = 0; i < components.length; i++) {
      components[i] = bytes.getFloat();
    }
    return Vector.normalized(components);
  }
}
