package dev.reprise.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.Reason;
import java.util.List;

/*
 * What is looked up while an answer is made is out of date soon, and the body does not say what it was.
 */
/**
 * Recognises requests whose answer is looked up on the web or in a store while it is made, and
 * those that are never to be cached.
 *
 * @param bypassed the models whose requests go past the cache
 */
public record LookedUp(List<ModelPattern> bypassed) {
  /** Members of a body that have a provider look something up. */
  private static final List<String> MEMBERS =
      List.of(
          "web_search_options",
          "web_search",
          "search_parameters",
          "search_domain_filter",
          "search_recency_filter",
          "search_mode",
          "enable_search",
          "connectors",
          "data_sources",
          "dataSources",
          "mcp_servers",
          "plugins");

  private static final List<ModelPattern> SEARCHING =
      patterns(
          List.of(
              "*-search-preview*",
              "*-search-api*",
              "*:online",
              "*-online",
              "sonar*",
              "*deep-research*",
              "compound",
              "compound-*",
              "*:web"));

  public static List<ModelPattern> patterns(List<String> globs) {
    return globs.stream().map(ModelPattern::of).toList();
  }

  /**
   * Checks that {@code body} may be cached.
   *
   * @throws UnmappableException if it may not
   */
  public void check(ObjectNode body) {
    String model = body.path("model").asText("");
    for (ModelPattern pattern : bypassed) {
      if (fits(pattern, model)) {
        throw new UnmappableException(
            Reason.Code.RULE, "the model is one of --bypass-model " + pattern);
      }
    }
    for (ModelPattern pattern : SEARCHING) {
      if (fits(pattern, model)) {
        throw dynamic("the model looks things up (" + pattern + ")");
      }
    }
    for (String member : MEMBERS) {
      JsonNode value = body.path(member);
      boolean isSaid = value.isContainerNode() ? isSomething(value) : isTrue(value);
      if (isSaid) {
        throw dynamic("\"" + member + "\" has the provider look things up");
      }
    }
  }

  /** An empty object asks for a search by its defaults; an empty list asks for nothing. */
  private static boolean isSomething(JsonNode value) {
    boolean isOff = value.path("mode").asText("").equals("off");
    return !isOff && (value.isObject() || !value.isEmpty());
  }

  private static boolean isTrue(JsonNode value) {
    return value.asBoolean(false) || (value.isTextual() && !value.textValue().isEmpty());
  }

  private static UnmappableException dynamic(String why) {
    return new UnmappableException(
        Reason.Code.DYNAMIC, why + " while the answer is made, which is out of date soon");
  }

  private static boolean fits(ModelPattern pattern, String model) {
    return pattern.matches(model) || pattern.matches(model.substring(model.lastIndexOf('/') + 1));
  }
}
