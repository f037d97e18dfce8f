package dev.reprise.match;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.model.Scope;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes acronyms out, by definitions that stood in texts of the same scope and by a glossary. It
 * holds at most {@value #SCOPES} scopes (then forgets one that is little used) and {@value
 * #ACRONYMS} acronyms of each (then learns no more). What it learnt ends with the process. Safe for
 * use by several threads.
 */
final class Acronyms {
  /** How many scopes are remembered: {@value}. */
  static final int SCOPES = 1_000;

  /** How many acronyms a scope are remembered: {@value}. */
  static final int ACRONYMS = 2_000;

  /** How many acronyms of one text are written out: {@value}. */
  static final int EXPANSIONS = 8;

  /** What an acronym stands for in a scope; ambiguous once it was defined in two ways. */
  private record Meaning(String longForm, boolean isAmbiguous) {}

  private final Map<String, String> glossary;
  private final Cache<Scope, ConcurrentHashMap<String, Meaning>> learnt =
      Caffeine.newBuilder().maximumSize(SCOPES).executor(Runnable::run).build();

  /**
   * @param glossary acronym, as it is written, to long form; it wins over what is learnt, in every
   *     scope
   */
  Acronyms(Map<String, String> glossary) {
    this.glossary = Map.copyOf(glossary);
  }

  /** Learns what {@code text} defines. */
  void learn(Scope scope, String text) {
    for (Definitions.Definition definition : Definitions.in(text)) {
      learn(
          learnt.get(scope, unused -> new ConcurrentHashMap<>()),
          definition.shortForm(),
          definition.longForm());
    }
  }

  private static void learn(
      ConcurrentHashMap<String, Meaning> meanings, String acronym, String longForm) {
    if (meanings.size() >= ACRONYMS && !meanings.containsKey(acronym)) {
      return;
    }
    meanings.merge(
        acronym,
        new Meaning(longForm, false),
        (known, fresh) ->
            isSame(known.longForm(), fresh.longForm()) ? known : new Meaning(longForm, true));
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
    Map<String, Meaning> meanings = learnt.getIfPresent(scope);
    if (glossary.isEmpty() && meanings == null) {
      return plain;
    }
    return expanded(plain, meanings == null ? Map.of() : meanings);
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

  private String expanded(String text, Map<String, Meaning> meanings) {
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

  private @Nullable String longForm(String token, Map<String, Meaning> meanings) {
    String given = glossary.get(token);
    if (given != null) {
      return given;
    }
    Meaning meaning = meanings.get(token);
    if (meaning != null) {
      return meaning.isAmbiguous() ? null : meaning.longForm();
    }
    String singular = Definitions.singularShortForm(token);
    if (singular.equals(token)) {
      return null;
    }
    String longForm = glossary.get(singular);
    if (longForm == null) {
      Meaning singularMeaning = meanings.get(singular);
      longForm =
          singularMeaning == null || singularMeaning.isAmbiguous()
              ? null
              : singularMeaning.longForm();
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
