package dev.reprise.testservers;

import org.jspecify.annotations.Nullable;

/** No server can be had for the tests. The message says how to mend that. */
public final class TestServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is missing. */
  public TestServerException(String message) {
    this(message, null);
  }

  /** Says what is missing, and what a library threw. */
  public TestServerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
