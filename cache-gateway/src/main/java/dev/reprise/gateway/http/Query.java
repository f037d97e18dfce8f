package dev.reprise.gateway.http;

import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** Reads the query of an administrator's request. What cannot be understood is an ApiException. */
public final class Query {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Fields fields;

  private Query(Fields fields) {
    this.fields = fields;
  }

  /** Returns the query of {@code request}. */
  public static Query of(Request request) {
    try {
      return new Query(Request.extractQueryParameters(request));
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("the query of the address cannot be read");
    }
  }

  private String value(String name) {
    String value = fields.getValue(name);
    return value == null ? "" : value;
  }

  /** Returns a text of at most {@code longest} characters; empty where there is none. */
  public String text(String name, int longest) {
    String value = value(name);
    if (value.length() > longest) {
      throw ApiError.invalid(name + " must have at most " + longest + " characters");
    }
    return value.strip();
  }

  /** Returns a number. */
  public long number(String name, long other, long least, long most) {
    String value = value(name);
    if (value.isEmpty()) {
      return other;
    }
    if (!NUMBER.matcher(value).matches()
        || Long.parseLong(value) < least
        || Long.parseLong(value) > most) {
      throw ApiError.invalid(name + " must be a number from " + least + " to " + most);
    }
    return Long.parseLong(value);
  }

  /** Returns one of {@code values}, the first where there is none. */
  public String oneOf(String name, List<String> values) {
    String value = value(name).isEmpty() ? values.get(0) : value(name);
    if (!values.contains(value)) {
      throw ApiError.invalid(name + " must be one of " + String.join(", ", values));
    }
    return value;
  }
}
