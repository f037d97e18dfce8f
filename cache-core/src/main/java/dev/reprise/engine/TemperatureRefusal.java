package dev.reprise.engine;

import java.util.Locale;

/** Recognises a provider's refusal of the parameter "temperature". */
public final class TemperatureRefusal {
  private static final int BAD_REQUEST = 400;
  private static final int UNPROCESSABLE = 422;

  private TemperatureRefusal() {}

  /**
   * Returns whether a response with this status and text may be the refusal of a temperature, so
   * that it is worth asking once more without one.
   *
   * @param status the HTTP status
   * @param text the body of the response, or the message of the exception
   */
  public static boolean isLikely(int status, String text) {
    return (status == BAD_REQUEST || status == UNPROCESSABLE) && isLikely(text);
  }

  /** The same, where the status is not known. */
  public static boolean isLikely(String text) {
    return text.toLowerCase(Locale.ROOT).contains("temperature");
  }
}
