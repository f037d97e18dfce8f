package dev.reprise.match;

import java.util.ArrayList;
import java.util.Arrays;
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
    // Short ones first: a longer phrase is read with what stands for its parts.
    Comparator<List<List<String>>> byLength =
        Comparator.comparingInt(line -> line.stream().mapToInt(List::size).max().orElse(0));
    lines.stream()
        .map(line -> Arrays.stream(line.split(" = ", -1)).map(plain).toList())
        .sorted(byLength)
        .forEach(line -> add(line.stream().map(this::canonical).toList()));
  }

  private void add(List<List<String>> same) {
    for (List<String> words : same) {
      if (!words.equals(same.get(0))) {
        List<Phrase> beginning = phrases.computeIfAbsent(words.get(0), unused -> new ArrayList<>());
        beginning.add(new Phrase(words, same.get(0)));
        beginning.sort(
            Comparator.comparingInt((Phrase phrase) -> phrase.words().size()).reversed());
      }
    }
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
