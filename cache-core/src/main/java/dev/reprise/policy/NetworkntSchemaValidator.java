package dev.reprise.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.Optional;

/** Validates with json-schema-validator 1.5. */
final class NetworkntSchemaValidator implements SchemaValidator {
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V202012,
          builder ->
              builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

  @Override
  public Optional<String> fault(JsonNode schema, JsonNode value) {
    return factory.getSchema(schema).validate(value).stream()
        .findFirst()
        .map(message -> String.valueOf(message.getSchemaLocation().getFragment()));
  }
}
