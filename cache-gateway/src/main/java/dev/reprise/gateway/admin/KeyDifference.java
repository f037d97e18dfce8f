package dev.reprise.gateway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Texts;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.key.internal.UncanonicalException;
import dev.reprise.model.CacheRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A field of the canonical form in which two requests differ, so that their keys do.
 *
 * @param field where it is: {@code parameters.temperature}, {@code messages[0].parts[0].text}
 * @param here what the request has there, cut; empty where it has nothing
 * @param there what the other one has there
 */
record KeyDifference(String field, String here, String there) {
  /** How many differences are told: {@value}. */
  static final int MOST = 20;

  /** The longest value that is told, in characters: {@value}. */
  static final int LONGEST_VALUE = 200;

  /**
   * Returns in what the two differ, {@value #MOST} fields at most; empty where they have the same
   * key, and where one has no canonical form.
   */
  static List<KeyDifference> between(CacheRequest here, CacheRequest there) {
    List<KeyDifference> differences = new ArrayList<>();
    try {
      compare(
          "",
          Json.read(Canonicalizer.canonicalText(here)),
          Json.read(Canonicalizer.canonicalText(there)),
          differences);
    } catch (UncanonicalException e) {
      return List.of();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a canonical form is JSON", e);
    }
    return differences;
  }

  private static void compare(
      String field, JsonNode here, JsonNode there, List<KeyDifference> differences) {
    // Two trees that differ in the order of their members only are equal to Jackson.
    if (Json.text(here).equals(Json.text(there)) || differences.size() == MOST) {
      return;
    }
    if (here.equals(there) && here.isObject() && !names(here).equals(names(there))) {
      differences.add(new KeyDifference(field, order(here), order(there)));
    } else if (here.isObject() && there.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      here.fieldNames().forEachRemaining(names::add);
      there.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        String inner = field.isEmpty() ? name : field + "." + name;
        compare(inner, here.path(name), there.path(name), differences);
      }
    } else if (here.isArray() && there.isArray()) {
      for (int i = 0; i < Math.max(here.size(), there.size()); i++) {
        compare(field + "[" + i + "]", here.path(i), there.path(i), differences);
      }
    } else {
      differences.add(new KeyDifference(field, value(field, here), value(field, there)));
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String order(JsonNode object) {
    return Texts.cut("members in the order " + String.join(", ", names(object)), LONGEST_VALUE);
  }

  private static String value(String field, JsonNode node) {
    if (node instanceof MissingNode) {
      return "";
    }
    if (field.equals("scope")) {
      return Scopes.label(node.asText());
    }
    return Texts.cut(node.isTextual() ? node.textValue() : Json.text(node), LONGEST_VALUE);
  }
}
