package dev.reprise.policy;

import java.util.BitSet;
import java.util.regex.Pattern;

/*
 * It errs on one side only: what it does not know, it takes for an expression that may begin with anything.
 */
/**
 * With which characters a find of a regular expression can begin, so that it need not be tried at
 * the others.
 */
final class FirstCharacters {
  /** So many characters are told apart; all others have one code. */
  private static final int TOLD_APART = 128;

  private static final int OTHERS = TOLD_APART;

  /** The code of the end of a text, where a find can be empty. */
  static final int END = TOLD_APART + 1;

  private static final String ASCII_WORD =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

  private final String expression;
  private final boolean ignoresCase;
  private int at;

  /** How many groups the reading is in. */
  private int depth;

  private boolean hasChoice;

  /** Thrown where the expression has something that is not known here. */
  private static final class UnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownException() {
      super(null, null, false, false);
    }
  }

  /**
   * What a part of an expression can begin with.
   *
   * @param set the characters' codes
   * @param isOptional whether it can be empty, so that what follows it may be the beginning
   */
  private record Beginning(BitSet set, boolean isOptional) {}

  /**
   * How finds of an expression begin.
   *
   * @param codes the {@linkplain #code codes} of the characters that can be the first. Where a find
   *     can be empty, or may begin with anything, all are in it, {@link #END} too
   * @param isOneSequence whether every find begins with the expression's first part: there is no
   *     choice at the outermost level. False where that is not known
   */
  record Beginnings(BitSet codes, boolean isOneSequence) {}

  private FirstCharacters(Pattern pattern) {
    this.expression = pattern.pattern();
    this.ignoresCase = (pattern.flags() & Pattern.CASE_INSENSITIVE) != 0;
  }

  /** Returns how finds of {@code pattern} begin. */
  static Beginnings of(Pattern pattern) {
    int known = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    if ((pattern.flags() & ~known) != 0) {
      return new Beginnings(all(), false);
    }
    FirstCharacters reader = new FirstCharacters(pattern);
    try {
      Beginning whole = reader.alternatives();
      if (reader.at < reader.expression.length()) {
        return new Beginnings(all(), false);
      }
      return new Beginnings(whole.isOptional() ? all() : whole.set(), !reader.hasChoice);
    } catch (UnknownException | StringIndexOutOfBoundsException e) {
      return new Beginnings(all(), false);
    }
  }

  /** Returns the code of {@code c} in the sets. */
  static int code(char c) {
    return c < TOLD_APART ? c : OTHERS;
  }

  private static BitSet all() {
    BitSet all = new BitSet();
    all.set(0, END + 1);
    return all;
  }

  private boolean isNext(char c) {
    return at < expression.length() && expression.charAt(at) == c;
  }

  private Beginning alternatives() {
    BitSet set = new BitSet();
    boolean isOptional = false;
    while (true) {
      Beginning one = sequence();
      set.or(one.set());
      isOptional |= one.isOptional();
      if (!isNext('|')) {
        return new Beginning(set, isOptional);
      }
      hasChoice |= depth == 0;
      at++;
    }
  }

  private Beginning sequence() {
    BitSet set = new BitSet();
    boolean isOptional = true;
    while (at < expression.length() && !isNext('|') && !isNext(')')) {
      Beginning part = quantified(part());
      if (isOptional) {
        set.or(part.set());
        isOptional = part.isOptional();
      }
    }
    return new Beginning(set, isOptional);
  }

  private Beginning quantified(Beginning part) {
    boolean isOptional = part.isOptional();
    if (isOptional && part.set().isEmpty() && at < expression.length() && isQuantifier()) {
      // An anchor that need not hold is no anchor.
      throw new UnknownException();
    }
    if (isNext('?') || isNext('*')) {
      isOptional = true;
      at++;
    } else if (isNext('+')) {
      at++;
    } else if (isNext('{')) {
      isOptional |= expression.charAt(at + 1) == '0';
      at = expression.indexOf('}', at) + 1;
    } else {
      return part;
    }
    if (isNext('?') || isNext('+')) {
      at++;
    }
    return new Beginning(part.set(), isOptional);
  }

  private boolean isQuantifier() {
    return "?*+{".indexOf(expression.charAt(at)) >= 0;
  }

  private Beginning part() {
    char c = expression.charAt(at);
    at++;
    return switch (c) {
      case '(' -> group();
      case '[' -> new Beginning(characterClass(), false);
      case '.' -> new Beginning(all(), false);
      case '^', '$' -> nothing();
      case '\\' -> escape();
      case '*', '+', '?', '{' -> throw new UnknownException();
      default -> new Beginning(character(c), false);
    };
  }

  private static Beginning nothing() {
    return new Beginning(new BitSet(), true);
  }

  private Beginning group() {
    boolean isLook = false;
    if (isNext('?')) {
      at++;
      if (isNext('<')) {
        at++;
        // Else it is a named group.
        isLook = isNext('!') || isNext('=');
        if (!isLook) {
          throw new UnknownException();
        }
      } else if (isNext('!') || isNext('=')) {
        isLook = true;
      } else if (!isNext(':')) {
        throw new UnknownException();
      }
      at++;
    }
    depth++;
    Beginning inner = alternatives();
    depth--;
    if (!isNext(')')) {
      throw new UnknownException();
    }
    at++;
    return isLook ? nothing() : inner;
  }

  private Beginning escape() {
    char c = expression.charAt(at);
    if (c == 'b' || c == 'B') {
      at++;
      return nothing();
    }
    return new Beginning(escaped(), false);
  }

  /** Reads what stands behind a backslash, and is one character. */
  private BitSet escaped() {
    char c = expression.charAt(at);
    at++;
    return switch (c) {
      case 'w' -> asciiWord();
      case 'd' -> range('0', '9');
      case 's' -> asciiSpace();
      case 'W', 'D', 'S' -> all();
      case 'n' -> character('\n');
      case 't' -> character('\t');
      case 'u' -> {
        char code = (char) Integer.parseInt(expression.substring(at, at + 4), 16);
        at += 4;
        yield character(code);
      }
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw new UnknownException();
        }
        yield character(c);
      }
    };
  }

  private BitSet characterClass() {
    boolean isNegated = isNext('^');
    at += isNegated ? 1 : 0;
    BitSet set = new BitSet();
    int begin = at;
    while (!isNext(']') || at == begin) {
      char c = expression.charAt(at);
      if (c == '[' || (c == '&' && expression.charAt(at + 1) == '&')) {
        throw new UnknownException();
      }
      at++;
      if (c == '\\') {
        set.or(escaped());
      } else if (isNext('-') && expression.charAt(at + 1) != ']') {
        char end = expression.charAt(at + 1);
        if (end == '\\' || end == '[') {
          throw new UnknownException();
        }
        at += 2;
        set.or(range(c, end));
      } else {
        set.or(character(c));
      }
    }
    at++;
    return isNegated ? all() : set;
  }

  private static BitSet asciiWord() {
    BitSet set = new BitSet();
    for (int i = 0; i < ASCII_WORD.length(); i++) {
      set.set(ASCII_WORD.charAt(i));
    }
    return set;
  }

  private static BitSet asciiSpace() {
    BitSet set = new BitSet();
    set.set(' ');
    set.set('\t', '\r' + 1);
    return set;
  }

  private BitSet range(char from, char to) {
    BitSet set = new BitSet();
    for (int c = from; c <= to && c <= TOLD_APART; c++) {
      set.or(character((char) c));
    }
    if (to >= TOLD_APART) {
      set.or(character(to));
    }
    return set;
  }

  private BitSet character(char c) {
    BitSet set = new BitSet();
    set.set(code(c));
    if (ignoresCase) {
      set.set(code(Character.toLowerCase(c)));
      set.set(code(Character.toUpperCase(c)));
      // Some letters beyond ASCII are another case of one within, such as the Kelvin sign.
      set.set(OTHERS);
      if (c >= TOLD_APART) {
        set.set(0, TOLD_APART);
      }
    }
    return set;
  }
}
