package dev.reprise.match;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes acronyms out: by a user's glossary, by the shipped one, and by what answers of the same
 * scope define. A meaning counts once answers to enough different questions agree on it and those
 * of every other meaning are fewer than half as many. A definition that stood in the question
 * itself counts for nothing. One whose long form the question gave counts, but one of the answers
 * must have found the long form itself. It holds at most {@value #SCOPES} scopes (then forgets one
 * that is little used), {@value #ACRONYMS} acronyms of each and {@value #MEANINGS} meanings of one
 * (then learns no more). What it learnt ends with the process, where processes do not share it.
 * Safe for use by several threads.
 */
final class Acronyms {
  /** How many scopes are remembered: {@value}. */
  static final int SCOPES = 1_000;

  /** How many acronyms a scope are remembered: {@value}. */
  static final int ACRONYMS = 2_000;

  /** How many acronyms of one text are written out: {@value}. */
  static final int EXPANSIONS = 8;

  /** How many meanings of one acronym are remembered: {@value}. */
  static final int MEANINGS = 4;

  /** From a request of so many characters nothing is learned: {@value}. */
  static final int REQUEST = 20_000;

  /** How many questions to which an answer gave a meaning are told apart: {@value}. */
  static final int SUPPORT = 100;

  /**
   * What an acronym stands for, and to which questions an answer said so.
   *
   * @param isFound whether an answer gave the long form to a question that did not
   */
  private record Meaning(String longForm, Set<Integer> questions, boolean isFound) {
    static Meaning of(LearnedMeaning learned) {
      return new Meaning(
          learned.longForm(), Set.of(learned.question()), !learned.isGivenByQuestion());
    }

    Meaning with(LearnedMeaning learned) {
      boolean isFoundNow = isFound || !learned.isGivenByQuestion();
      if (questions.size() >= SUPPORT || questions.contains(learned.question())) {
        return isFoundNow == isFound ? this : new Meaning(longForm, questions, isFoundNow);
      }
      Set<Integer> more = new HashSet<>(questions);
      more.add(learned.question());
      return new Meaning(longForm, Set.copyOf(more), isFoundNow);
    }
  }

  private final Map<String, String> glossary;
  private final int support;
  private final Cache<Scope, ConcurrentHashMap<String, List<Meaning>>> learnt =
      Caffeine.newBuilder().maximumSize(SCOPES).executor(Runnable::run).build();

  /**
   * @param glossary acronym, as it is written, to long form; it wins over what is learnt, in every
   *     scope
   * @param support the answers to how many different questions must agree on a meaning
   */
  Acronyms(Map<String, String> glossary, int support) {
    this.glossary = Map.copyOf(glossary);
    this.support = support;
  }

  /** Returns the shipped glossary. */
  static Map<String, String> wellKnown() {
    Map<String, String> wellKnown = new HashMap<>();
    for (String line : Language.ENGLISH.lines("glossary")) {
      int space = line.indexOf(' ');
      wellKnown.put(line.substring(0, space), line.substring(space + 1));
    }
    return wellKnown;
  }

  /** Returns a shipped glossary and a user's, and what will be learnt. */
  static Acronyms with(Map<String, String> glossary, int support) {
    Map<String, String> both = wellKnown();
    both.putAll(glossary);
    return new Acronyms(both, support);
  }

  /**
   * Learns what the answer to a question defines, but for what the request itself says. Returns
   * what was not known before.
   *
   * @param context the other texts of the request
   */
  List<LearnedMeaning> learn(Scope scope, String question, String context, String answer) {
    List<Definitions.Definition> definitions = Definitions.in(answer);
    if (definitions.isEmpty() || question.length() + context.length() >= REQUEST) {
      return List.of();
    }
    List<LearnedMeaning> learned = new ArrayList<>();
    Set<String> asked =
        new HashSet<>(List.of(Definitions.normal(question + " " + context).split(" ")));
    int key = Normalization.comparisonKey(Normalization.withoutPoliteness(question)).hashCode();
    for (Definitions.Definition definition : definitions) {
      // Word by word: "Local, Card and Program" gives the long form away, too.
      boolean isLongGiven = holds(asked, definition.longForm());
      if (isLongGiven && holds(asked, definition.shortForm())) {
        continue;
      }
      LearnedMeaning meaning =
          new LearnedMeaning(
              scope, definition.shortForm(), definition.longForm(), key, isLongGiven);
      if (learn(meaning)) {
        learned.add(meaning);
      }
    }
    return learned;
  }

  private static boolean holds(Set<String> words, String form) {
    return words.containsAll(List.of(Definitions.normal(form).split(" ")));
  }

  /** Learns what an answer in another process defined, too. Returns whether it was not known. */
  boolean learn(LearnedMeaning learned) {
    ConcurrentHashMap<String, List<Meaning>> meanings =
        learnt.get(learned.scope(), unused -> new ConcurrentHashMap<>());
    if (meanings.size() >= ACRONYMS && !meanings.containsKey(learned.shortForm())) {
      return false;
    }
    List<Meaning> before = meanings.getOrDefault(learned.shortForm(), List.of());
    return !before.equals(add(meanings, learned));
  }

  private static List<Meaning> add(
      ConcurrentHashMap<String, List<Meaning>> meanings, LearnedMeaning learned) {
    return meanings.compute(
        learned.shortForm(),
        (unused, known) -> {
          List<Meaning> all = new ArrayList<>(known == null ? List.of() : known);
          for (int i = 0; i < all.size(); i++) {
            if (isSame(all.get(i).longForm(), learned.longForm())) {
              all.set(i, all.get(i).with(learned));
              return List.copyOf(all);
            }
          }
          if (all.size() < MEANINGS) {
            all.add(Meaning.of(learned));
          }
          return List.copyOf(all);
        });
  }

  /** Returns the meaning that enough answers agree on, or null. */
  private @Nullable String agreed(@Nullable List<Meaning> meanings) {
    if (meanings == null) {
      return null;
    }
    Meaning best = meanings.get(0);
    int others = 0;
    for (Meaning meaning : meanings.subList(1, meanings.size())) {
      boolean isBetter = meaning.questions().size() > best.questions().size();
      others = Math.max(others, (isBetter ? best : meaning).questions().size());
      best = isBetter ? meaning : best;
    }
    int count = best.questions().size();
    return best.isFound() && count >= support && count > 2 * others ? best.longForm() : null;
  }

  private static boolean isSame(String one, String other) {
    return Definitions.normal(one).equals(Definitions.normal(other));
  }

  /**
   * Returns {@code text} with its acronyms written out: those that are known, unambiguous, and
   * stand there as whole words in their own case, unless their long form stands there, too. A
   * definition in the text becomes its long form alone.
   */
  String expand(Scope scope, String text) {
    String plain = withoutDefinitions(text);
    Map<String, List<Meaning>> meanings = learnt.getIfPresent(scope);
    if (glossary.isEmpty() && meanings == null) {
      return plain;
    }
    return expanded(plain, meanings == null ? Map.of() : meanings);
  }

  /** Returns {@code text} with the acronyms of the glossary written out, and no learnt ones. */
  String expandKnown(String text) {
    String plain = withoutDefinitions(text);
    return glossary.isEmpty() ? plain : expanded(plain, Map.of());
  }

  private static String withoutDefinitions(String text) {
    if (text.indexOf('(') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int from = 0;
    for (Definitions.Definition definition : Definitions.in(text)) {
      plain.append(text, from, definition.begin()).append(definition.written());
      from = definition.end();
    }
    return plain.append(text, from, text.length()).toString();
  }

  private String expanded(String text, Map<String, List<Meaning>> meanings) {
    StringBuilder expanded = null;
    String normal = null;
    int copied = 0;
    int expansions = 0;
    int begin = -1;
    for (int i = 0; i <= text.length() && expansions < EXPANSIONS; i++) {
      boolean isWord = i < text.length() && Character.isLetterOrDigit(text.charAt(i));
      if (isWord) {
        begin = begin < 0 ? i : begin;
        continue;
      }
      if (begin >= 0 && !isPartOfCode(text, begin, i)) {
        String token = text.substring(begin, i);
        String longForm = longForm(token, meanings);
        if (longForm != null) {
          normal = normal == null ? " " + Definitions.normal(text) + " " : normal;
          if (!normal.contains(" " + Definitions.normal(longForm) + " ")) {
            expanded = expanded == null ? new StringBuilder() : expanded;
            expanded.append(text, copied, begin).append(longForm);
            copied = i;
            expansions++;
          }
        }
      }
      begin = -1;
    }
    return expanded == null ? text : expanded.append(text, copied, text.length()).toString();
  }

  private static boolean isPartOfCode(String text, int begin, int end) {
    boolean isBehind = begin > 0 && "_./\\@#$".indexOf(text.charAt(begin - 1)) >= 0;
    boolean isBefore =
        end + 1 < text.length()
            && "_./\\@(".indexOf(text.charAt(end)) >= 0
            && Character.isLetterOrDigit(text.charAt(end + 1));
    return isBehind || isBefore;
  }

  private @Nullable String longForm(String token, Map<String, List<Meaning>> meanings) {
    String given = glossary.get(token);
    if (given != null) {
      return given;
    }
    String learnt = agreed(meanings.get(token));
    if (learnt != null) {
      return learnt;
    }
    String singular = Definitions.singularShortForm(token);
    if (singular.equals(token)) {
      return null;
    }
    String longForm = glossary.get(singular);
    if (longForm == null) {
      longForm = agreed(meanings.get(singular));
    }
    return longForm == null ? null : plural(longForm);
  }

  private static String plural(String longForm) {
    String lower = longForm.toLowerCase(Locale.ROOT);
    int length = lower.length();
    if (lower.endsWith("s") || lower.endsWith("x") || lower.endsWith("ch")) {
      return longForm + "es";
    }
    boolean isY =
        length > 1 && lower.endsWith("y") && "aeiou".indexOf(lower.charAt(length - 2)) < 0;
    return isY ? longForm.substring(0, length - 1) + "ies" : longForm + "s";
  }
}
