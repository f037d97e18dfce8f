package dev.reprise.springai;

import java.util.Map;

/** Recognises what models mark as thoughts, and not as an answer. */
final class Thoughts {
  private Thoughts() {}

  /** Returns whether the metadata of a message say that its text is a thought. */
  static boolean isThought(Map<String, ?> metadata) {
    return Boolean.parseBoolean(String.valueOf(metadata.get("isThought")))
        || Boolean.TRUE.equals(metadata.get("thinking"))
        || metadata.containsKey("signature");
  }
}
