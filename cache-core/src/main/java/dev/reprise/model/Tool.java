package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * A tool that the model may call.
 *
 * @param name its name
 * @param definition everything else: description, the JSON schema of its parameters, strictness,
 *     metadata
 */
public record Tool(String name, JsonObject definition) {
  public Tool {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(definition, "definition");
    Checks.notBlank("name of tool", name);
  }
}
