package dev.reprise.match;

import dev.reprise.resource.ResourceText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The word lists of one language: resources in {@code dev/reprise/match/<code>}. The file {@code
 * lists.txt} has its short lists, each under its name in brackets; a longer list has a file of its
 * own, by its name. A line that begins with # is a comment. Immutable.
 */
final class Language {
  /** The language that the guards are written for. */
  static final Language ENGLISH = of("en");

  private static final String SHORT_LISTS = "lists";

  private final String code;
  private final Map<String, List<String>> shortLists;

  private Language(String code, Map<String, List<String>> shortLists) {
    this.code = code;
    this.shortLists = shortLists;
  }

  /**
   * Reads the short lists of a language.
   *
   * @param code by ISO 639-1
   */
  static Language of(String code) {
    Map<String, List<String>> lists = new HashMap<>();
    List<String> list = new ArrayList<>();
    for (String line : exists(code, SHORT_LISTS) ? common(code + "/" + SHORT_LISTS) : list) {
      if (line.startsWith("[")) {
        list = new ArrayList<>();
        lists.put(line.substring(1, line.length() - 1), list);
      } else {
        list.add(line);
      }
    }
    lists.replaceAll((name, lines) -> List.copyOf(lines));
    return new Language(code, lists);
  }

  /** Returns the lines of a list that are neither blank nor comments, without spaces around. */
  List<String> lines(String list) {
    List<String> lines = shortLists.get(list);
    return lines == null ? common(code + "/" + list) : lines;
  }

  /** Returns the words of a list, in its order, wherever its lines break. */
  Set<String> words(String list) {
    Set<String> words = new LinkedHashSet<>();
    for (String line : lines(list)) {
      Collections.addAll(words, line.split("\\s+", -1));
    }
    return Collections.unmodifiableSet(words);
  }

  /** Returns a list whose lines are {@code key = value}. */
  Map<String, String> map(String list) {
    return map(list, Function.identity());
  }

  /** Returns a list whose lines are {@code word = number}. */
  Map<String, Long> numbers(String list) {
    return map(list, Long::valueOf);
  }

  private <V> Map<String, V> map(String list, Function<String, V> value) {
    Map<String, V> map = new LinkedHashMap<>();
    for (String line : lines(list)) {
      String[] parts = line.split(" = ", -1);
      map.put(parts[0], value.apply(parts[1]));
    }
    return Collections.unmodifiableMap(map);
  }

  /** Returns, for each word of a list, the first word of its line. */
  Map<String, String> aliases(String list) {
    Map<String, String> aliases = new LinkedHashMap<>();
    for (String line : lines(list)) {
      String[] words = line.split("\\s+", -1);
      for (String word : words) {
        aliases.put(word, words[0]);
      }
    }
    return Collections.unmodifiableMap(aliases);
  }

  /** Returns whether the language has such a list. */
  boolean has(String list) {
    return shortLists.containsKey(list) || exists(code, list);
  }

  private static boolean exists(String code, String list) {
    return ResourceText.exists(Language.class, code + "/" + list + ".txt");
  }

  /** Returns the lines of a list of no language in particular. */
  static List<String> common(String list) {
    return ResourceText.read(Language.class, list + ".txt")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(String::strip)
        .toList();
  }
}
