package dev.reprise.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * An application has one version of com.networknt:json-schema-validator. Spring AI 1.1 brings 2.0 with it, and Spring AI 2.0 brings 3.0,
 * which have other classes than the 1.5 that this module is compiled against. The cache must work with each.
 */
/** Checks a JSON value against a JSON schema. It loads no schema that another one names. */
@FunctionalInterface
interface SchemaValidator {
  /**
   * Returns where in the schema {@code value} has its first fault; empty where it has none.
   *
   * @throws RuntimeException if the schema cannot be used
   */
  Optional<String> fault(JsonNode schema, JsonNode value);

  /** Returns the validator for the library's version on the class path. */
  static SchemaValidator installed() {
    try {
      Class.forName(
          "com.networknt.schema.JsonSchemaFactory", false, SchemaValidator.class.getClassLoader());
      return new NetworkntSchemaValidator();
    } catch (ClassNotFoundException | LinkageError e) {
      return newer();
    }
  }

  private static SchemaValidator newer() {
    try {
      return ReflectiveSchemaValidator.create();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      Logger log = LoggerFactory.getLogger(SchemaValidator.class);
      log.warn(
          "Answers are not checked against the JSON schema of their request, only for being JSON:"
              + " no usable com.networknt:json-schema-validator (1.5, 2.0 or 3.0) is on the class"
              + " path");
      log.debug("The validator cannot be used", e);
      return (schema, value) -> Optional.empty();
    }
  }
}
