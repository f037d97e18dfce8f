package dev.reprise.integration.internal;

import dev.reprise.engine.TemperatureRefusal;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Recognises, in a framework's exception, that the model refuses the parameter "temperature". */
public final class RefusedTemperature {
  /** How many causes of an exception are read: {@value}. */
  private static final int CAUSES = 16;

  private RefusedTemperature() {}

  /**
   * Returns whether a call may have failed because the model refuses a temperature.
   *
   * @param failure the framework's exception, with its causes
   * @param status returns the HTTP status that an exception carries; empty for none
   */
  public static boolean isLikely(Throwable failure, Function<Throwable, OptionalInt> status) {
    boolean isNamed = false;
    @Nullable Throwable cause = failure;
    for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      OptionalInt known = status.apply(cause);
      if (known.isPresent()) {
        return TemperatureRefusal.isLikely(known.getAsInt(), message);
      }
      isNamed |= TemperatureRefusal.isLikely(message);
    }
    return isNamed;
  }
}
