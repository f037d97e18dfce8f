package dev.reprise.gateway.http;

/** Shortens texts for people. */
public final class Texts {
  private static final String ELLIPSIS = "\u2026";

  private Texts() {}

  /** Returns {@code text}, or what of it fits into {@code longest} characters with an ellipsis. */
  public static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + ELLIPSIS;
  }
}
