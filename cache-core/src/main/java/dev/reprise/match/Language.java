package dev.reprise.match;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the word lists of one language: resources in {@code dev/reprise/match/<code>}. A line that
 * begins with # is a comment.
 */
final class Language {
  private Language() {}

  /** Returns the words of a list, in its order, wherever its lines break. */
  static Set<String> words(String code, String list) {
    Set<String> words = new LinkedHashSet<>();
    for (String line : lines(code, list)) {
      Collections.addAll(words, line.trim().split("\\s+", -1));
    }
    return Collections.unmodifiableSet(words);
  }

  /** Returns the lines of a list that are neither blank nor comments, without spaces around. */
  static List<String> lines(String code, String list) {
    return lines(code + "/" + list);
  }

  /** Returns whether there is such a list of a language. */
  static boolean has(String code, String list) {
    return Language.class.getResource(code + "/" + list + ".txt") != null;
  }

  /** Returns the lines of a list of no language in particular. */
  static List<String> lines(String list) {
    String name = list + ".txt";
    List<String> lines = new ArrayList<>();
    try (InputStream stream = Language.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("no word list " + name + " beside " + Language.class);
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          lines.add(line.strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the word list " + name, e);
    }
    return List.copyOf(lines);
  }
}
