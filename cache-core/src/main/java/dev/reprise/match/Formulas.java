package dev.reprise.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares formulas, and names of one or two letters: "O(log n)" and "O(n log n)", "x^e" and "e^x",
 * vim's "gg" and "G". Linear in the text's length.
 */
final class Formulas {
  /** Words of one or two letters that are no names. */
  private static final Set<String> NO_NAMES = Language.ENGLISH.words("formulas.no-names");

  private static final Pattern CALL =
      Pattern.compile("(?<![\\p{L}\\d_])(\\p{L}[\\p{L}\\d_]*+)\\(([^()]*)\\)");

  /** Signs between two numbers. */
  private static final Pattern OPERATOR =
      Pattern.compile("(?<=\\d)\\s*([+*/×÷^%<>=|]+)\\s*(?=\\d)");

  /** What has a sign of arithmetic, or two letters with a sign between them. */
  private static final Pattern FORMULA = Pattern.compile(".+[\\^*+=<>_{}].+|.[-/].");

  /** Signs that may have spaces around them in a formula. */
  private static final Pattern SPACED = Pattern.compile("(?<!\\s)\\s++(->|=>|[=<>^*+])\\s++");

  private static final Pattern NEGATIVE =
      Pattern.compile("(?<![\\p{L}\\d)\\]])(?<!\\d )[-\u2212](\\d[\\d.]*)");

  /** How bookkeepers write a loss. */
  private static final Pattern IN_PARENTHESES = Pattern.compile("\\((\\d[\\d,]*\\.\\d\\d)\\)");

  private static final Pattern QUOTED_NUMBER = Pattern.compile("(['`])(\\d[\\d.]*)\\1");

  private static final Pattern NUMBER = Pattern.compile("\\d(?:[\\d.,]*\\d)?");

  private static final Pattern SHORT_NAME =
      Pattern.compile("(?<![\\p{L}\\d'\\u2019.&-])\\p{L}{1,2}(?![\\p{L}\\d'\\u2019&-]|\\.\\p{L})");

  private Formulas() {}

  /** Returns what differs, or null if nothing does. */
  static @Nullable String difference(String asked, String cached) {
    String chemicals = Chemicals.difference(asked, cached);
    if (chemicals != null) {
      return chemicals;
    }
    String arguments = argumentDifference(asked, cached);
    if (arguments != null) {
      return arguments;
    }
    List<String> one = operators(asked);
    List<String> other = operators(cached);
    if (one.size() == other.size() && !one.equals(other)) {
      return String.join(" ", one) + " / " + String.join(" ", other);
    }
    String marked = markedDifference(asked, cached);
    if (marked == null) {
      marked = markedDifference(cached, asked);
    }
    if (marked != null) {
      return marked;
    }
    String exchanged = exchangedDifference(asked, cached);
    return exchanged == null ? nameDifference(asked, cached) : exchanged;
  }

  /** What stands in the parentheses behind the same name. */
  private static @Nullable String argumentDifference(String asked, String cached) {
    Map<String, String> calls = new HashMap<>();
    Matcher matcher = CALL.matcher(cached);
    while (matcher.find()) {
      calls.putIfAbsent(lower(matcher.group(1)), matcher.group(2));
    }
    matcher = CALL.matcher(asked);
    while (matcher.find()) {
      String other = calls.get(lower(matcher.group(1)));
      if (other != null && !plain(other).equals(plain(matcher.group(2)))) {
        return matcher.group(2) + " / " + other;
      }
    }
    return null;
  }

  private static List<String> operators(String text) {
    return OPERATOR.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** '5' and 5, -3 and 3, (250.00) and 250.00. */
  private static @Nullable String markedDifference(String marking, String plain) {
    for (Pattern mark : List.of(QUOTED_NUMBER, NEGATIVE, IN_PARENTHESES)) {
      Matcher matcher = mark.matcher(marking);
      Set<String> unmarked = null;
      while (matcher.find()) {
        if (unmarked == null) {
          unmarked = numbers(plain, NUMBER);
          unmarked.removeAll(numbers(plain, mark));
        }
        String number = matcher.group(matcher.groupCount());
        if (unmarked.contains(number)) {
          return matcher.group() + " / " + number;
        }
      }
    }
    return null;
  }

  private static Set<String> numbers(String text, Pattern pattern) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(found.groupCount()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** The same letters and signs in another order. */
  private static @Nullable String exchangedDifference(String asked, String cached) {
    List<String> one = formulas(asked);
    List<String> other = formulas(cached);
    if (one.size() != other.size()) {
      return null;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).equals(other.get(i)) && sorted(one.get(i)).equals(sorted(other.get(i)))) {
        return one.get(i) + " / " + other.get(i);
      }
    }
    return null;
  }

  private static List<String> formulas(String text) {
    List<String> formulas = new ArrayList<>();
    for (String chunk : SPACED.matcher(text).replaceAll("$1").split("\\s+", -1)) {
      String formula = trimmed(chunk);
      if (FORMULA.matcher(formula).matches()) {
        formulas.add(lower(formula));
      }
    }
    return formulas;
  }

  private static String trimmed(String chunk) {
    int begin = 0;
    int end = chunk.length();
    while (begin < end && "\"'([".indexOf(chunk.charAt(begin)) >= 0) {
      begin++;
    }
    while (end > begin && "\"')].,;:?!".indexOf(chunk.charAt(end - 1)) >= 0) {
      end--;
    }
    return chunk.substring(begin, end);
  }

  private static String sorted(String text) {
    char[] all = text.toCharArray();
    Arrays.sort(all);
    return new String(all);
  }

  /** Names of one or two letters, of which each side has one that the other has not. */
  private static @Nullable String nameDifference(String asked, String cached) {
    List<String> one = names(asked);
    List<String> other = names(cached);
    for (String name : List.copyOf(one)) {
      if (other.remove(name)) {
        one.remove(name);
      }
    }
    if (one.isEmpty() || one.size() != other.size()) {
      return null;
    }
    // Of units, others tell whether they are the same.
    boolean areUnits = isUnit(one.get(0)) && isUnit(other.get(0));
    return areUnits || !Languages.ofPair(asked, cached).equals(Languages.ENGLISH)
        ? null
        : one.get(0) + " / " + other.get(0);
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    SHORT_NAME
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(Formulas::isName)
        .forEach(name -> names.add(lower(name)));
    return names;
  }

  private static boolean isName(String word) {
    String lower = lower(word);
    boolean isCapital = word.length() == 1 && !word.equals(lower) && !"AI".contains(word);
    return isCapital || (!NO_NAMES.contains(lower) && !FunctionWords.contains(lower));
  }

  private static boolean isUnit(String lower) {
    return Unit.named(lower) != null || Unit.of(lower) != null;
  }

  private static String plain(String text) {
    return lower(text).replace(" ", "");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
