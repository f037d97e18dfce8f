package dev.reprise.match;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number in a text, in digits or in words.
 *
 * @param value in one form: "1000" for "1,000", "1k" and "one thousand"
 * @param written its digits as they are written, or the value where it is in words
 * @param kind what sort of number
 * @param unit what it counts, or null
 * @param word the index of its first word
 * @param end the index behind its last word
 */
record Quantity(String value, String written, Kind kind, @Nullable Unit unit, int word, int end) {
  /** What sort of number. */
  enum Kind {
    CARDINAL,
    /** "one", which mostly stands for something else. */
    MAYBE,
    ORDINAL,
    /** As in "first", which mostly says when. */
    MAYBE_ORDINAL,
    /** "an", which is one of a unit: an hour is 60 minutes. */
    ARTICLE,
    /** Whose digits count, not their value: 3.10 is not 3.1. */
    VERSION
  }

  private static final int DIGITS = 40;

  /** How many words of a number in words are read. */
  private static final int SPELLED = 8;

  /** Twelve months are a year, four weeks are not quite a month. */
  private static final double TOLERANCE = 0.02;

  private static final Map<String, Long> SMALL = Language.ENGLISH.numbers("quantity.small");

  private static final Map<String, Long> TENS = Language.ENGLISH.numbers("quantity.tens");

  private static final Map<String, Long> SCALES = Language.ENGLISH.numbers("quantity.scales");

  private static final Map<String, Long> ORDINALS = Language.ENGLISH.numbers("quantity.ordinals");

  private static final Map<String, Long> MAYBE_ORDINALS =
      Language.ENGLISH.numbers("quantity.maybe-ordinals");

  private static final Set<String> ORDINAL_SUFFIXES =
      Language.ENGLISH.words("quantity.ordinal-suffixes");

  private static final Map<String, Long> SCALE_SUFFIXES =
      Language.ENGLISH.numbers("quantity.scale-suffixes");

  /** Numbers behind a name: "Louis XIV". */
  private static final Map<String, Long> ROMAN = Language.ENGLISH.numbers("quantity.roman");

  private static final Set<String> BEFORE_ROMAN = Language.ENGLISH.words("quantity.before-roman");

  /** Before a unit, these are one of it. */
  private static final Set<String> ARTICLES = Language.ENGLISH.words("quantity.articles");

  /** Returns whether its absence on the other side means something. */
  boolean isSure() {
    return kind != Kind.MAYBE && kind != Kind.MAYBE_ORDINAL && kind != Kind.ARTICLE;
  }

  /** Returns whether it is a place in an order: "third", "2nd". */
  boolean isOrdinal() {
    return kind == Kind.ORDINAL || kind == Kind.MAYBE_ORDINAL;
  }

  /** Returns whether it is the article before a unit: "an hour". */
  boolean isArticle() {
    return kind == Kind.ARTICLE;
  }

  boolean isMaybeOrdinal() {
    return kind == Kind.MAYBE_ORDINAL;
  }

  /** Returns "first" or "second" for the ordinals that are read in words only. */
  String spelled() {
    return value.equals("1") ? "first" : "second";
  }

  boolean isVersion() {
    return kind == Kind.VERSION;
  }

  /** Returns whether the two say the same, in whatever units. */
  boolean isSame(Quantity other) {
    if (isVersion() || other.isVersion()) {
      return written.equals(other.written);
    }
    boolean isCounted = kind != Kind.ARTICLE && other.kind != Kind.ARTICLE;
    return (isCounted && value.equals(other.value)) || isSameMeasure(other);
  }

  /** Returns whether the two are one measure in two units: two weeks, 14 days. */
  boolean isSameMeasure(Quantity other) {
    Unit one = unit;
    Unit two = other.unit;
    if (one == null || two == null || !one.dimension().equals(two.dimension())) {
      return false;
    }
    double here = Double.parseDouble(value) * one.factor();
    double there = Double.parseDouble(other.value) * two.factor();
    return here > 0 && Math.abs(here - there) <= TOLERANCE * here;
  }

  /** Returns whether it is a word of a number: "three", "hundred". */
  static boolean isNumberWord(String lower) {
    return SMALL.containsKey(lower) || TENS.containsKey(lower) || SCALES.containsKey(lower);
  }

  /** Returns whether {@code letters} behind digits make a number of them. */
  static boolean isSuffix(String letters) {
    return ORDINAL_SUFFIXES.contains(letters) || SCALE_SUFFIXES.containsKey(letters);
  }

  /** Returns the numbers among {@code words}, in their order. */
  static List<Quantity> in(List<Word> words) {
    List<Quantity> quantities = new ArrayList<>();
    int at = 0;
    while (at < words.size()) {
      Quantity quantity = at(words, at);
      if (quantity == null) {
        at++;
      } else {
        quantities.add(quantity);
        at = quantity.end();
      }
    }
    return quantities;
  }

  private static @Nullable Quantity at(List<Word> words, int at) {
    String lower = words.get(at).lower();
    if (words.get(at).isNumeric()) {
      return digits(words, at);
    }
    if (lower.length() > 1 && lower.charAt(0) == 'v' && Character.isDigit(lower.charAt(1))) {
      String digits = lower.substring(1);
      return new Quantity(digits, digits, Kind.VERSION, null, at, at + 1);
    }
    Long roman = ROMAN.get(words.get(at).text());
    if (roman != null && isBehindName(words, at)) {
      return new Quantity(roman.toString(), words.get(at).text(), Kind.CARDINAL, null, at, at + 1);
    }
    return spelled(words, at);
  }

  private static boolean isBehindName(List<Word> words, int at) {
    return words.get(at).lower().length() > 2
        || (at > 0
            && (words.get(at - 1).isCapitalized()
                || BEFORE_ROMAN.contains(words.get(at - 1).lower())));
  }

  private static @Nullable Quantity digits(List<Word> words, int at) {
    String lower = words.get(at).lower();
    int end = lower.length();
    while (end > 0 && Character.isLetter(lower.charAt(end - 1))) {
      end--;
    }
    String suffix = lower.substring(end);
    String digits = withoutZeroMinutes(lower.substring(0, end));
    if (digits.length() > DIGITS || (!suffix.isEmpty() && !isSuffix(suffix))) {
      return null;
    }
    if (ORDINAL_SUFFIXES.contains(suffix)) {
      return new Quantity(digits, digits, Kind.ORDINAL, null, at, at + 1);
    }
    String plain = withoutGroups(digits);
    BigDecimal number = plain == null ? null : new BigDecimal(plain);
    if (number == null && digits.indexOf(':') > 0) {
      return new Quantity(digits.replace(':', '.'), digits, Kind.CARDINAL, null, at, at + 1);
    }
    if (number == null || isVersion(words, at, digits)) {
      return new Quantity(digits, digits, Kind.VERSION, null, at, at + 1);
    }
    number = number.multiply(BigDecimal.valueOf(SCALE_SUFFIXES.getOrDefault(suffix, 1L)));
    int next = at + 1;
    while (next < words.size() && next < at + 3) {
      Long scale = SCALES.get(words.get(next).lower());
      if (scale == null) {
        break;
      }
      number = number.multiply(BigDecimal.valueOf(scale));
      next++;
    }
    return new Quantity(canonical(number), digits, Kind.CARDINAL, unit(words, at, next), at, next);
  }

  private static String withoutZeroMinutes(String digits) {
    return digits.endsWith(":00") ? digits.substring(0, digits.length() - 3) : digits;
  }

  /** Returns the digits as BigDecimal reads them, or null where they are no decimal number. */
  private static @Nullable String withoutGroups(String digits) {
    if (!digits.chars().allMatch(c -> "0123456789.,".indexOf(c) >= 0)) {
      return null;
    }
    String plain = areGroups(digits, ',') ? digits.replace(",", "") : digits;
    if (plain.indexOf('.') != plain.lastIndexOf('.')) {
      return areGroups(plain, '.') ? plain.replace(".", "") : null;
    }
    if (plain.indexOf(',') != plain.lastIndexOf(',')) {
      return null;
    }
    return plain.indexOf('.') >= 0 && plain.indexOf(',') >= 0 ? null : plain.replace(',', '.');
  }

  /** Returns whether {@code mark} stands between groups of three digits. */
  private static boolean areGroups(String digits, char mark) {
    int first = digits.indexOf(mark);
    if (first < 1 || first > 3) {
      return false;
    }
    int from = first;
    while (from >= 0) {
      int next = digits.indexOf(mark, from + 1);
      int dot = digits.indexOf('.', from + 1);
      int end = next >= 0 ? next : mark != '.' && dot >= 0 ? dot : digits.length();
      if (end - from != 4) {
        return false;
      }
      from = next;
    }
    return true;
  }

  /** "Python 3.10" is not "Python 3.1": behind a name, a number with one point is a version. */
  static boolean isVersion(List<Word> words, int at, String digits) {
    if (at == 0) {
      return false;
    }
    Word before = words.get(at - 1);
    if (before.lower().equals("version") || before.lower().equals("v")) {
      return true;
    }
    return digits.indexOf('.') > 0
        && digits.indexOf(',') < 0
        && before.isCapitalized()
        && !before.opensSentence();
  }

  private static @Nullable Quantity spelled(List<Word> words, int at) {
    String first = words.get(at).lower();
    Long ordinal = ORDINALS.get(first);
    if (ordinal != null) {
      return new Quantity(ordinal.toString(), ordinal.toString(), Kind.ORDINAL, null, at, at + 1);
    }
    Long maybe = MAYBE_ORDINALS.get(first);
    if (maybe != null) {
      return new Quantity(maybe.toString(), maybe.toString(), Kind.MAYBE_ORDINAL, null, at, at + 1);
    }
    long total = 0;
    long part = 0;
    int next = at;
    while (next < words.size() && next < at + SPELLED) {
      String lower = words.get(next).lower();
      Long small = SMALL.get(lower);
      Long tens = TENS.get(lower);
      Long scale = SCALES.get(lower);
      if (small != null && takesSmall(part)) {
        part += small;
      } else if (tens != null && part % 100 == 0) {
        part += tens;
      } else if (scale != null && (next > at || isCounted(words, at))) {
        part = Math.max(1, part) * scale;
        total += scale >= 1_000 ? part : 0;
        part = scale >= 1_000 ? 0 : part;
      } else if (!isAndInside(words, at, next)) {
        break;
      }
      next++;
    }
    if (next == at) {
      return measure(words, at);
    }
    String value = Long.toString(total + part);
    Kind kind = next == at + 1 && first.equals("one") ? Kind.MAYBE : Kind.CARDINAL;
    return new Quantity(value, value, kind, unit(words, at, next), at, next);
  }

  /** "An hour", "every week", "half a year", "half a kilo". */
  private static @Nullable Quantity measure(List<Word> words, int at) {
    String first = words.get(at).lower();
    boolean isHalf = first.equals("half");
    if (!isHalf && !ARTICLES.contains(first)) {
      return null;
    }
    int next = at + 1;
    if (isHalf && next < words.size() && ARTICLES.contains(words.get(next).lower())) {
      next++;
    }
    Unit unit = next < words.size() ? Unit.named(words.get(next).lower()) : null;
    if (unit == null || unit.factor() == 0) {
      return null;
    }
    return isHalf
        ? new Quantity("0.5", "half", Kind.CARDINAL, unit, at, next)
        : new Quantity("1", first, Kind.ARTICLE, unit, at, next);
  }

  /** "twenty" and "hundred" take a "five" behind them, "five" does not. */
  private static boolean takesSmall(long part) {
    return part % 10 == 0 && (part % 100 == 0 || part % 100 >= 20);
  }

  /** The "and" of "two hundred and five". */
  private static boolean isAndInside(List<Word> words, int at, int next) {
    return next > at
        && words.get(next).lower().equals("and")
        && SCALES.containsKey(words.get(next - 1).lower())
        && next + 1 < words.size()
        && (SMALL.containsKey(words.get(next + 1).lower())
            || TENS.containsKey(words.get(next + 1).lower()));
  }

  private static @Nullable Unit unit(List<Word> words, int begin, int end) {
    Unit behind = end < words.size() ? Unit.of(words.get(end).lower()) : null;
    if (behind != null) {
      return behind;
    }
    Unit before = begin > 0 ? Unit.named(words.get(begin - 1).lower()) : null;
    return before != null && before.dimension().equals("money") ? before : null;
  }

  /** "hundred" behind "a" is a number; "hundreds" is none. */
  private static boolean isCounted(List<Word> words, int at) {
    return at > 0 && words.get(at - 1).lower().equals("a");
  }

  private static String canonical(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
