package dev.reprise.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation;
import dev.reprise.match.RiskReport;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What was learnt, as JSON: the matcher's part, and hashes and vectors of what was reported. No
 * text.
 */
final class LearnerSnapshot {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Takes the place of a matcher that learns from other processes, and not from a file. */
  static final Matcher NOBODY =
      new LearningMatcher() {
        @Override
        public MatchDecision decide(MatchCandidate candidate) {
          return new MatchDecision.Reject(-1, "it decides nothing");
        }

        @Override
        public void observe(Observation observation) {}

        @Override
        public Optional<RiskReport> risk() {
          return Optional.empty();
        }

        @Override
        public String snapshot() {
          return "";
        }

        @Override
        public boolean restore(String snapshot) {
          return true;
        }
      };

  private LearnerSnapshot() {}

  static String write(String embedder, Matcher matcher, Vetoes vetoes) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("embedder", embedder);
    json.put("matcher", matcher instanceof LearningMatcher learning ? learning.snapshot() : "");
    for (Vetoes.Veto veto : vetoes.all()) {
      write(veto, json.withArray("wrong").addObject());
    }
    return json.toString();
  }

  private static void write(Vetoes.Veto veto, ObjectNode json) {
    json.put("scope", veto.scope().name()).put("pair", veto.pair().hex());
    veto.near()
        .ifPresent(
            place ->
                json.put("asked", encoded(place.asked())).put("cached", encoded(place.cached())));
  }

  /** Returns a reported pair, for other processes. */
  static String record(String embedder, Vetoes.Veto veto) {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("embedder", embedder);
    write(veto, json);
    return json.toString();
  }

  /**
   * Returns that an entry was reported as wrong, for whatever it was served, for other processes.
   */
  static String record(ExactKey entry) {
    return JSON.createObjectNode().put("format", FORMAT).put("entry", entry.hex()).toString();
  }

  /**
   * Reads what {@link #record} returned.
   *
   * @param veto takes a reported pair; without its vectors where they are another embedder's
   * @param entry takes a reported entry
   * @throws IllegalArgumentException if it is of another format, or damaged
   */
  static void read(
      String record, String embedder, Consumer<Vetoes.Veto> veto, Consumer<ExactKey> entry) {
    try {
      JsonNode json = JSON.readTree(record);
      if (json.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("a record of the shared log has another format");
      }
      if (json.has("entry")) {
        entry.accept(ExactKey.ofHex(json.path("entry").asText()));
      } else {
        veto.accept(veto(json, json.path("embedder").asText().equals(embedder)));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a record of the shared log is no JSON", e);
    }
  }

  private static Vetoes.Veto veto(JsonNode json, boolean isSameEmbedder) {
    return new Vetoes.Veto(
        Scope.of(json.path("scope").asText()),
        new ContentHash(json.path("pair").asText()),
        isSameEmbedder && json.has("asked")
            ? Optional.of(
                new Vetoes.Place(
                    decoded(json.path("asked").asText()), decoded(json.path("cached").asText())))
            : Optional.empty());
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
      String snapshot = json.path("matcher").asText();
      boolean isWhole =
          matcher instanceof LearningMatcher learning
              ? learning.restore(snapshot)
              : snapshot.isEmpty();
      boolean isSameEmbedder = json.path("embedder").asText().equals(embedder);
      List<Vetoes.Veto> read = new ArrayList<>();
      for (JsonNode veto : json.path("wrong")) {
        read.add(veto(veto, isSameEmbedder));
      }
      read.forEach(vetoes::add);
      return isWhole && isSameEmbedder;
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
