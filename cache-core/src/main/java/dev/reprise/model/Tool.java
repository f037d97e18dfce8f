package dev.reprise.model;

import dev.reprise.model.internal.Checks;

/**
 * A tool that the model may call.
 *
 * @param name its name
 * @param definition everything else: description, the JSON schema of its parameters, strictness,
 *     metadata
 */
public record Tool(String name, JsonObject definition) {
  public Tool {
    Checks.notBlank("name of tool", name);
  }
}
