package dev.reprise.gateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.ModelPattern;
import java.util.List;

/** Finds the upstream that has a model. Safe for use by several threads. */
public final class Upstreams implements AutoCloseable {
  private final UpstreamClient others;
  private final List<Route> routes;

  /**
   * Sends some models elsewhere.
   *
   * @param models which
   * @param upstream where
   */
  public record Route(ModelPattern models, UpstreamClient upstream) {}

  /**
   * @param others who is asked where no route fits
   * @param routes the first that fits counts
   */
  public Upstreams(UpstreamClient others, List<Route> routes) {
    this.others = others;
    this.routes = List.copyOf(routes);
  }

  /** Returns who is asked for {@code body}, by its member "model". */
  public UpstreamClient of(ObjectNode body) {
    JsonNode model = body.path("model");
    if (model.isTextual()) {
      for (Route route : routes) {
        if (route.models().matches(model.textValue())) {
          return route.upstream();
        }
      }
    }
    return others;
  }

  /** Returns who is asked where nothing names a model. */
  public UpstreamClient others() {
    return others;
  }

  /** Returns whether it depends on the model who is asked. */
  boolean hasRoutes() {
    return !routes.isEmpty();
  }

  @Override
  public void close() {
    others.close();
    routes.forEach(route -> route.upstream().close());
  }
}
