package dev.reprise.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * "How do I turn on dark mode?", "What is the way to enable dark mode?": nearly the same words in another frame. Nearly: of the read
 * pairs that are equal here and that no guard rejects, a few have different answers. So this is no equality; it has a confidence.
 */
/**
 * Brings a question to what is equal for most wordings of it: question frames, articles, spellings
 * and plurals do not count.
 */
final class SameWording {
  private static final Set<String> WHOSE =
      Set.of("my", "your", "our", "his", "her", "their", "its");

  private static final Set<String> ASKER = Set.of("my", "your");

  /** Longer questions are left alone. */
  private static final int WORDS = 40;

  private static final String WHO_ASKS = "(?:i|we|you|one|1|someone|somebody|a person|anyone)";
  private static final Set<String> DROPPED =
      Set.of(
          "a", "an", "the", "of", "for", "in", "on", "at", "some", "any", "now", "ever", "located",
          "");
  private static final String DIFFERENCE = "difference ";

  private record Rule(Pattern pattern, String replacement) {}

  private static final List<Rule> RULES = rules();
  private static final Map<String, String> SPELLINGS = spellings();

  private final List<String> words;
  private final Set<String> whose;

  private SameWording(List<String> words, Set<String> whose) {
    this.words = words;
    this.whose = whose;
  }

  /** Returns whether the two are one question, as far as the wording tells. */
  boolean isSame(SameWording other) {
    return words.size() > 1
        && words.equals(other.words)
        && (whose.equals(other.whose) || areAsker(whose, other.whose));
  }

  /** "Reset the PIN", "reset my PIN"; "how do I reset my PIN", "how do you reset your PIN". */
  private boolean areAsker(Set<String> one, Set<String> other) {
    Set<String> all = new HashSet<>(one);
    all.addAll(other);
    return words.get(0).equals("how")
        ? ASKER.containsAll(all)
        : all.size() == 1 && all.contains("my");
  }

  /** Returns whether two questions differ in their wording only, by their {@link SameWords}. */
  static boolean areSame(List<String> asked, List<String> cached) {
    return of(asked).isSame(of(cached));
  }

  /** Reads the words of {@link SameWords}. */
  static SameWording of(List<String> sameWords) {
    int last = sameWords.size() - 1;
    if (last > WORDS) {
      return new SameWording(List.of(), Set.of());
    }
    String text = String.join(" ", sameWords.subList(0, last));
    for (int round = 0; round < 2; round++) {
      for (Rule rule : RULES) {
        Matcher matcher = rule.pattern.matcher(text);
        if (matcher.find()) {
          text = matcher.replaceAll(rule.replacement).replaceAll(" +", " ").strip();
        }
      }
    }
    Set<String> whose = new HashSet<>();
    List<String> words = new ArrayList<>();
    if (text.startsWith(DIFFERENCE)) {
      String[] sides = text.substring(DIFFERENCE.length()).split("\\|", -1);
      words.add(DIFFERENCE);
      Arrays.stream(sides)
          .map(side -> String.join(" ", plain(side, whose)))
          .sorted()
          .forEach(words::add);
    } else {
      words.addAll(plain(text, whose));
    }
    words.add(sameWords.get(last));
    return new SameWording(words, whose);
  }

  private static List<String> plain(String text, Set<String> whose) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      if (WHOSE.contains(word)) {
        whose.add(word);
      } else if (!DROPPED.contains(word)) {
        words.add(words.isEmpty() ? Side.stem(plainWord(word)) : plainWord(word));
      }
    }
    return words;
  }

  private static String plainWord(String word) {
    if (word.equals("are")) {
      return "is";
    }
    String spelled = SPELLINGS.getOrDefault(word, word);
    String singular = Definitions.singular(spelled);
    String known = SPELLINGS.getOrDefault(singular, singular);
    return known
        .replaceFirst("iz(e|ed|es|ing|ation)$", "is$1")
        .replaceFirst("yz(e|ed|es|ing)$", "ys$1");
  }

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (String line : Language.lines("en", "wordings")) {
      String[] parts = line.split(" =>", -1);
      String pattern = parts[0].replace("PRON", WHO_ASKS);
      boolean looksAhead = pattern.contains("(?=");
      boolean isWhole = looksAhead || pattern.endsWith("$");
      rules.add(
          new Rule(
              Pattern.compile(isWhole ? pattern : pattern + "(?= |$)"),
              parts[1].strip() + (looksAhead ? " " : "")));
    }
    return rules;
  }

  private static Map<String, String> spellings() {
    Map<String, String> spellings = new HashMap<>();
    for (String line : Language.lines("en", "spellings")) {
      String[] words = line.split(" ", -1);
      for (String word : words) {
        spellings.put(word, words[0]);
      }
    }
    return spellings;
  }
}
