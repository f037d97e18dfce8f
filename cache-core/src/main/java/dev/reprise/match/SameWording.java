package dev.reprise.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final Set<String> WHOSE = Language.ENGLISH.words("same-wording.whose");

  private static final Set<String> ASKER = Language.ENGLISH.words("same-wording.asker");

  /** Longer questions are left alone. */
  private static final int WORDS = 40;

  private static final String UNIT =
      "(?:" + String.join("|", Language.ENGLISH.words("same-wording.units")) + ")";

  private static final String WHO_ASKS = "(?:i|we|you|one|1|someone|somebody|a person|anyone)";
  private static final Set<String> DROPPED = Language.ENGLISH.words("same-wording.dropped");

  /** What begins a question about two things of which either may stand first. */
  private static final List<String> EITHER_WAY =
      Language.ENGLISH.lines("same-wording.either-way").stream().map(line -> line + " ").toList();

  /** Words that end like a plural, and whose "singular" is something else. */
  private static final Set<String> NO_PLURALS = Language.ENGLISH.words("same-wording.no-plurals");

  /** Of these words, what counts in a question why: "why are some people late". */
  private static final Set<String> LIMITS = Language.ENGLISH.words("same-wording.limits");

  private static final Set<String> ASKS_WHAT = Language.ENGLISH.words("same-wording.asks-what");
  private static final Set<String> THING = Language.ENGLISH.words("same-wording.thing");

  /** Words that a query of keywords does not have. */
  private static final Set<String> NO_KEYWORDS = Language.ENGLISH.words("same-wording.no-keywords");

  /** Of these, what a question may have whose words may stand in any order. */
  private static final Set<String> ORDERLESS = Language.ENGLISH.words("same-wording.orderless");

  private static final int FEWEST_KEYWORDS = 3;

  /** Before the place where something is done. */
  private static final Set<String> PLACES = Language.ENGLISH.words("same-wording.places");

  /** A question with one of these is about words: none takes another's place. */
  private static final Set<String> ABOUT_WORDS = Language.ENGLISH.words("same-wording.about-words");

  /** Words that count where a question begins or ends with them. */
  private static final Set<String> OUTER = Language.ENGLISH.words("same-wording.outer");

  private record Rule(Pattern pattern, String replacement, boolean isAtTheBeginning) {}

  private static final List<Rule> RULES = rules();
  private static final Map<String, String> SPELLINGS = Language.ENGLISH.aliases("spellings");
  private static final Synonyms SYNONYMS =
      new Synonyms(Language.ENGLISH.lines("synonyms"), SameWording::phrase);

  private final List<String> words;
  private final List<String> whose;
  private final boolean asksWhat;

  /** "What is banking" is about a thing, "reset" and "how resetting" about what is done. */
  private final boolean isThing;

  private final Set<String> written;

  private SameWording(
      List<String> words,
      List<String> whose,
      boolean asksWhat,
      boolean isThing,
      Collection<String> written) {
    this.words = words;
    this.whose = whose;
    this.asksWhat = asksWhat;
    this.isThing = isThing;
    this.written = new HashSet<>(written);
  }

  /** Returns whether the two are one question, as far as the wording tells. */
  boolean isSame(SameWording other) {
    return words.size() > 1
        && (hasWordsOf(other) || areKeywordsOf(other) || other.areKeywordsOf(this))
        && (whose.equals(other.whose) || areAsker(other));
  }

  /** "Reverse list java", "how do I reverse a list in Java". */
  private boolean areKeywordsOf(SameWording question) {
    int size = words.size() - 1;
    if (size < FEWEST_KEYWORDS
        || !Collections.disjoint(written, NO_KEYWORDS)
        || !question.asksHowOrWhat()
        || !words.get(size).equals(question.words.get(question.words.size() - 1))) {
      return false;
    }
    Set<String> binding = new HashSet<>(question.written);
    binding.retainAll(NO_KEYWORDS);
    if (!ORDERLESS.containsAll(binding)) {
      return false;
    }
    boolean asksHow = question.words.get(0).equals("how");
    List<String> own = stems(this, 0);
    List<String> others = stems(question, asksHow ? 1 : 0);
    boolean mayTurn = asksHow && !Collections.disjoint(question.written, PLACES);
    return own.equals(others) || (mayTurn && isTurned(own, others));
  }

  /** "Pandas merge columns", "how do I merge columns in pandas": the place may stand in front. */
  private static boolean isTurned(List<String> words, List<String> others) {
    List<String> turned = new ArrayList<>(words);
    for (int i = 1; i < words.size(); i++) {
      Collections.rotate(turned, 1);
      if (turned.equals(others)) {
        return true;
      }
    }
    return false;
  }

  private boolean asksHowOrWhat() {
    return written.contains("how") || written.contains("what");
  }

  private static List<String> stems(SameWording question, int from) {
    return question.words.subList(from, question.words.size() - 1).stream()
        .map(QuestionSide::stem)
        .toList();
  }

  private boolean hasWordsOf(SameWording other) {
    if (words.equals(other.words)) {
      return true;
    }
    int size = words.size();
    return size == other.words.size()
        && !isThing
        && !other.isThing
        && words.subList(1, size).equals(other.words.subList(1, size))
        && QuestionSide.stem(words.get(0)).equals(QuestionSide.stem(other.words.get(0)));
  }

  /**
   * "Reset the PIN", "reset my PIN"; "how do I reset my PIN", "how do you reset your PIN". But not
   * "what is a PIN", "what is my PIN".
   */
  private boolean areAsker(SameWording other) {
    Set<String> all = new HashSet<>(whose);
    all.addAll(other.whose);
    return words.get(0).equals("how")
        ? ASKER.containsAll(all)
        : all.size() == 1 && all.contains("my") && !asksWhat && !other.asksWhat;
  }

  /** Returns whether two questions differ in their wording only, by their {@link SameWords}. */
  static boolean areSame(List<String> asked, List<String> cached) {
    return of(asked).isSame(of(cached));
  }

  /** Reads the words of {@link SameWords}. */
  static SameWording of(List<String> sameWords) {
    int last = sameWords.size() - 1;
    if (last > WORDS) {
      return new SameWording(List.of(), List.of(), false, false, List.of());
    }
    String written = String.join(" ", sameWords.subList(0, last));
    String once = apply(written);
    String text = once.equals(written) ? once : apply(once);
    List<String> whose = new ArrayList<>();
    List<String> words = new ArrayList<>();
    boolean isAboutWords = !Collections.disjoint(sameWords, ABOUT_WORDS);
    Optional<String> eitherWay = EITHER_WAY.stream().filter(text::startsWith).findFirst();
    if (eitherWay.isPresent()) {
      String[] sides = text.substring(eitherWay.get().length()).split("\\|", -1);
      words.add(eitherWay.get());
      List<List<String>> asWritten = Arrays.stream(sides).map(side -> plain(side, whose)).toList();
      List<List<String>> canonical =
          asWritten.stream().map(side -> known(side, isAboutWords)).toList();
      // The difference between two synonyms is asked for.
      (canonical.stream().distinct().count() < sides.length ? asWritten : canonical)
          .stream().map(side -> String.join(" ", side)).sorted().forEach(words::add);
    } else {
      words.addAll(known(plain(text, whose), isAboutWords));
      if (words.size() > 1 && words.get(0).equals("how")) {
        words.set(1, QuestionSide.stem(words.get(1)));
      }
    }
    words.add(sameWords.get(last));
    boolean isThing = !Collections.disjoint(sameWords, THING);
    return new SameWording(
        words,
        whose,
        asksWhat(sameWords.get(0), words.get(0)),
        isThing,
        sameWords.subList(0, last));
  }

  private static List<String> known(List<String> words, boolean isAboutWords) {
    return isAboutWords ? words : SYNONYMS.canonical(words);
  }

  /** Applies all rules in their order. */
  private static String apply(String written) {
    String text = written;
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern.matcher(text);
      // Looking for it everywhere takes several times as long.
      if (rule.isAtTheBeginning ? matcher.lookingAt() : matcher.find()) {
        text = matcher.replaceAll(rule.replacement).replaceAll(" +", " ").strip();
      }
    }
    return text;
  }

  /** Returns the words of a phrase that may stand anywhere in a question. */
  private static List<String> phrase(String written) {
    String text = written;
    for (Rule rule : RULES) {
      if (!rule.isAtTheBeginning) {
        text =
            rule.pattern.matcher(text).replaceAll(rule.replacement).replaceAll(" +", " ").strip();
      }
    }
    return plain(text, new ArrayList<>());
  }

  /** "What is my PIN", "who is my tutor", and "how old is my dog", which begins otherwise now. */
  private static boolean asksWhat(String first, String begins) {
    return ASKS_WHAT.contains(first) || (first.equals("how") && !begins.equals(first));
  }

  private static List<String> plain(String text, List<String> whose) {
    List<String> words = new ArrayList<>();
    boolean asksWhy = text.startsWith("why ");
    String[] all = text.split(" ", -1);
    for (int at = 0; at < all.length; at++) {
      String word = all[at];
      // "What is in it", "what is it for".
      boolean isOuter = (at == 0 || at == all.length - 1) && OUTER.contains(word);
      if (WHOSE.contains(word)) {
        whose.add(word);
      } else if (!word.isEmpty()
          && (!DROPPED.contains(word) || isOuter || (asksWhy && LIMITS.contains(word)))) {
        words.add(plainWord(word));
      }
    }
    return words;
  }

  private static String plainWord(String word) {
    if (word.equals("are")) {
      return "is";
    }
    String spelled = SPELLINGS.getOrDefault(word, word);
    String singular = NO_PLURALS.contains(spelled) ? spelled : Definitions.singular(spelled);
    String known = SPELLINGS.getOrDefault(singular, singular);
    return known
        .replaceFirst("iz(e|ed|es|ing|ation)$", "is$1")
        .replaceFirst("yz(e|ed|es|ing)$", "ys$1");
  }

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (String line : Language.ENGLISH.lines("wordings")) {
      String[] parts = line.split(" =>", -1);
      String pattern = parts[0].replace("PRON", WHO_ASKS).replace("UNIT", UNIT);
      boolean looksAhead = pattern.contains("(?=");
      boolean isWhole = looksAhead || pattern.endsWith("$");
      rules.add(
          new Rule(
              Pattern.compile(isWhole ? pattern : pattern + "(?= |$)"),
              parts[1].strip() + (looksAhead ? " " : ""),
              pattern.startsWith("^")));
    }
    return rules;
  }
}
