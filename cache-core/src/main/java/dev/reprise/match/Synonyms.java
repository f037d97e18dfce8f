package dev.reprise.match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Words and phrases that may take each other's place: one of them stands for all. */
final class Synonyms {
  private record Phrase(List<String> words, List<String> canonical) {}

  /** By their first word, the longest first. */
  private final Map<String, List<Phrase>> phrases = new HashMap<>();

  /**
   * @param lines each with phrases between {@code =}, of which the first stands for all
   * @param plain brings a phrase to the words that {@link #canonical} is asked about
   */
  Synonyms(List<String> lines, Function<String, List<String>> plain) {
    for (String line : lines) {
      String[] same = line.split(" = ", -1);
      List<String> first = plain.apply(same[0]);
      for (int i = 1; i < same.length; i++) {
        List<String> words = plain.apply(same[i]);
        if (!words.equals(first)) {
          phrases
              .computeIfAbsent(words.get(0), unused -> new ArrayList<>())
              .add(new Phrase(words, first));
        }
      }
    }
    Comparator<Phrase> byLength = Comparator.comparingInt(phrase -> phrase.words().size());
    phrases.values().forEach(some -> some.sort(byLength.reversed()));
  }

  /** Returns the words with each phrase replaced by the one that stands for it. */
  List<String> canonical(List<String> words) {
    List<String> canonical = new ArrayList<>(words.size());
    int at = 0;
    while (at < words.size()) {
      Phrase phrase = at(words, at);
      if (phrase == null) {
        canonical.add(words.get(at));
        at++;
      } else {
        canonical.addAll(phrase.canonical());
        at += phrase.words().size();
      }
    }
    return canonical;
  }

  private @Nullable Phrase at(List<String> words, int at) {
    for (Phrase phrase : phrases.getOrDefault(words.get(at), List.of())) {
      int end = at + phrase.words().size();
      if (end <= words.size() && words.subList(at, end).equals(phrase.words())) {
        return phrase;
      }
    }
    return null;
  }
}
