package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One side of a pair, read: its words and its numbers. Linear in the text's length. */
final class QuestionSide {
  /** How many words are read: {@value}. What is longer is too long for every model here. */
  static final int WORDS = 200;

  private static final Map<String, String> IRREGULAR = Language.ENGLISH.map("side.irregular");

  private final String text;
  private final List<Word> words;
  private final List<Quantity> quantities;
  private final Map<String, String> byStem = new HashMap<>();
  private final Set<String> lowers = new HashSet<>();
  private final Set<String> contentStems = new HashSet<>();
  private final String squashed;

  private QuestionSide(String text, List<Word> words) {
    this.text = text;
    this.words = List.copyOf(words);
    this.quantities = Quantity.in(this.words);
    StringBuilder all = new StringBuilder(text.length());
    for (Word word : this.words) {
      byStem.putIfAbsent(word.stem(), word.lower());
      lowers.add(word.lower());
      if (word.isContent()) {
        contentStems.add(word.stem());
      }
      all.append(word.lower());
    }
    squashed = all.toString();
  }

  static QuestionSide of(String text) {
    return new QuestionSide(text, new Reader(text).read());
  }

  String text() {
    return text;
  }

  List<Word> words() {
    return words;
  }

  List<Quantity> quantities() {
    return quantities;
  }

  Set<String> stems() {
    return byStem.keySet();
  }

  Set<String> contentStems() {
    return contentStems;
  }

  /** Returns all words in lower case with nothing between them. */
  String squashed() {
    return squashed;
  }

  /** Returns whether one of its words is {@code lower}. */
  boolean has(String lower) {
    return lowers.contains(lower);
  }

  /** Returns a word of that stem, in lower case, or null where it has none. */
  @Nullable String wordOfStem(String stem) {
    return byStem.get(stem);
  }

  /** Returns {@code lower} as it is written inside a sentence here, or null where it is not. */
  @Nullable String written(String lower) {
    for (Word word : words) {
      if (word.lower().equals(lower) && !word.opensSentence()) {
        return word.text();
      }
    }
    return null;
  }

  /** Returns what is the same for the forms of {@code lower}, roughly. */
  static String stem(String lower) {
    String regular = IRREGULAR.get(lower);
    if (regular != null) {
      return regular;
    }
    int length = lower.length();
    if (length < 4 || !Character.isLetter(lower.charAt(length - 1))) {
      return lower;
    }
    String stem = Definitions.singular(lower);
    if (stem.length() > 5 && stem.endsWith("ing")) {
      stem = undoubled(stem.substring(0, stem.length() - 3));
    } else if (stem.length() > 4 && stem.endsWith("ed")) {
      stem = undoubled(stem.substring(0, stem.length() - 2));
    }
    return stem.length() > 3 && stem.endsWith("e") ? stem.substring(0, stem.length() - 1) : stem;
  }

  private static String undoubled(String stem) {
    int length = stem.length();
    boolean isDoubled =
        length > 3
            && stem.charAt(length - 1) == stem.charAt(length - 2)
            && "lsz".indexOf(stem.charAt(length - 1)) < 0;
    return isDoubled ? stem.substring(0, length - 1) : stem;
  }

  /** Reads a text word by word. */
  private static final class Reader {
    private final String text;
    private final List<Word> words = new ArrayList<>();
    private boolean opensSentence = true;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<Word> read() {
      while (at < text.length() && words.size() < WORDS) {
        char c = text.charAt(at);
        if (Character.isLetterOrDigit(c)) {
          word();
        } else {
          sign(c);
          at++;
        }
      }
      return words;
    }

    private void sign(char c) {
      switch (c) {
        case '%' -> add("%", "percent", at);
        case '$' -> add("$", "dollar", at);
        case '€' -> add("€", "euro", at);
        case '£' -> add("£", "gbp", at);
        case '₹' -> add("₹", "rupee", at);
        case '¥' -> add("¥", "yen", at);
        case '°' -> add("°", "degree", at);
        case '.', '?', '!' -> opensSentence |= at + 1 < text.length() && text.charAt(at + 1) == ' ';
        case '\n' -> opensSentence = true;
        default -> {}
      }
    }

    private void word() {
      int begin = at;
      boolean isNumber = Character.isDigit(text.charAt(at));
      if (isNumber) {
        number();
        int end = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
          at++;
        }
        boolean goesOn = at < text.length() && Character.isDigit(text.charAt(at));
        String suffix = text.substring(end, at).toLowerCase(Locale.ROOT);
        if (!suffix.isEmpty() && !goesOn && Quantity.isSuffix(suffix)) {
          add(text.substring(begin, at), text.substring(begin, end) + suffix, begin);
          return;
        }
        if (!suffix.isEmpty() && !goesOn && Unit.isSuffix(suffix)) {
          add(text.substring(begin, end), text.substring(begin, end), begin);
          add(text.substring(end, at), suffix, end);
          return;
        }
      }
      while (at < text.length() && goesOn(text.charAt(at))) {
        at++;
      }
      while (at < text.length()
          && Character.isLetter(text.charAt(at - 1))
          && (text.charAt(at) == '#' || text.startsWith("++", at))) {
        at += text.charAt(at) == '#' ? 1 : 2;
      }
      String written = text.substring(begin, at);
      split(written, written.toLowerCase(Locale.ROOT), begin);
    }

    private void number() {
      while (at < text.length()
          && (Character.isDigit(text.charAt(at))
              || (".,:".indexOf(text.charAt(at)) >= 0
                  && at + 1 < text.length()
                  && Character.isDigit(text.charAt(at + 1))))) {
        at++;
      }
    }

    private boolean goesOn(char c) {
      boolean isInside = at + 1 < text.length();
      return Character.isLetterOrDigit(c)
          || (c == '.'
              && isInside
              && Character.isDigit(text.charAt(at - 1))
              && Character.isDigit(text.charAt(at + 1)))
          || (c == '\'' && isInside && Character.isLetter(text.charAt(at + 1)));
    }

    /** Adds the word, or the words that a contraction stands for. */
    private void split(String written, String lower, int begin) {
      String expanded = Normalization.expanded(lower);
      int space = expanded.indexOf(' ');
      if (space > 0) {
        add(written, expanded.substring(0, space), begin);
        add(written, expanded.substring(space + 1), begin);
        return;
      }
      int apostrophe = lower.indexOf('\'');
      add(written, apostrophe > 0 ? lower.substring(0, apostrophe) : lower, begin);
    }

    private void add(String written, String lower, int begin) {
      words.add(new Word(written, lower, stem(lower), begin, opensSentence));
      opensSentence = false;
    }
  }
}
