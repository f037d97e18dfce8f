package dev.reprise.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/*
 * Versions 2 and 3 differ in the Jackson that they read: their methods that take text are the same. Neither fetches a schema from the
 * network unless told to.
 */
/** Validates with json-schema-validator 2.0 or 3.0. */
final class ReflectiveSchemaValidator implements SchemaValidator {
  private final Object registry;
  private final Object json;
  private final Method getSchema;
  private final Method validate;
  private final Method location;
  private final Method fragment;

  private ReflectiveSchemaValidator(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> format = loader.loadClass("com.networknt.schema.InputFormat");
    Class<?> version = loader.loadClass("com.networknt.schema.SpecificationVersion");
    Class<?> registryType = loader.loadClass("com.networknt.schema.SchemaRegistry");
    json = format.getField("JSON").get(null);
    registry =
        registryType
            .getMethod("withDefaultDialect", version)
            .invoke(null, version.getField("DRAFT_2020_12").get(null));
    getSchema = registryType.getMethod("getSchema", String.class, format);
    validate =
        loader.loadClass("com.networknt.schema.Schema").getMethod("validate", String.class, format);
    location = loader.loadClass("com.networknt.schema.Error").getMethod("getSchemaLocation");
    fragment = loader.loadClass("com.networknt.schema.SchemaLocation").getMethod("getFragment");
  }

  static ReflectiveSchemaValidator create() throws ReflectiveOperationException {
    return new ReflectiveSchemaValidator(ReflectiveSchemaValidator.class.getClassLoader());
  }

  /** The same for the library of another class loader. */
  static ReflectiveSchemaValidator create(ClassLoader loader) throws ReflectiveOperationException {
    return new ReflectiveSchemaValidator(loader);
  }

  @Override
  public Optional<String> fault(JsonNode schema, JsonNode value) {
    try {
      Object validator = getSchema.invoke(registry, schema.toString(), json);
      List<?> found = (List<?>) validate.invoke(validator, value.toString(), json);
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(String.valueOf(fragment.invoke(location.invoke(found.get(0)))));
    } catch (InvocationTargetException e) {
      if (e.getTargetException() instanceof StackOverflowError overflow) {
        throw overflow;
      }
      throw new IllegalArgumentException("the schema cannot be used", e.getTargetException());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("the validator cannot be called", e);
    }
  }
}
