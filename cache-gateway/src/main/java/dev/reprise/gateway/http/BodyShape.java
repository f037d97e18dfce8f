package dev.reprise.gateway.http;

import java.util.Optional;

/**
 * How much memory a JSON text would take once it is read: a body of 30 MB can be ten million empty
 * lists. Looks at the bytes once and builds nothing. What is no JSON is left to the parser.
 *
 * @param depth how deep objects and lists are nested
 * @param containers how many objects and lists there are
 * @param values about how many members and elements there are
 */
record BodyShape(int depth, int containers, int values) {
  /** How deep a body may be nested: {@value} levels. */
  static final int MAXIMUM_DEPTH = 1_000;

  /** How many objects and lists a body may have: {@value}. */
  static final int MAXIMUM_CONTAINERS = 100_000;

  /** How many members and elements a body may have: {@value}. */
  static final int MAXIMUM_VALUES = 1_000_000;

  /** Returns the shape of {@code json}, which is UTF-8. */
  static BodyShape of(byte[] json) {
    int depth = 0;
    int deepest = 0;
    int containers = 0;
    int values = 0;
    for (int i = 0; i < json.length; i++) {
      switch (json[i]) {
        case '"' -> i = endOfText(json, i + 1);
        case '{', '[' -> {
          containers++;
          depth++;
          deepest = Math.max(deepest, depth);
        }
        case '}', ']' -> depth--;
        case ',' -> values++;
        default -> {}
      }
    }
    return new BodyShape(deepest, containers, values);
  }

  /** Returns where the text that begins at {@code from} ends. */
  private static int endOfText(byte[] json, int from) {
    int i = from;
    while (i < json.length && json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  /** Returns why a body of this shape is not read; empty where it is. */
  Optional<ApiError> refusal() {
    if (depth > MAXIMUM_DEPTH) {
      return refused("body_too_deep", "is nested deeper than " + MAXIMUM_DEPTH + " levels");
    }
    if (containers > MAXIMUM_CONTAINERS) {
      return refused(
          "body_too_complex", "has more than " + MAXIMUM_CONTAINERS + " objects and lists");
    }
    if (values > MAXIMUM_VALUES) {
      return refused("body_too_complex", "has more than " + MAXIMUM_VALUES + " values");
    }
    return Optional.empty();
  }

  private static Optional<ApiError> refused(String code, String what) {
    return Optional.of(ApiError.ofClient(400, code, "the body " + what + "; send less"));
  }
}
