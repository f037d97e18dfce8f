package dev.reprise.cli.io;

/** With what status the process ends where a command did not do what it was told. */
public final class ExitStatus {
  /** What the user gave cannot be used: {@value}. */
  public static final int INPUT = 2;

  /** Something else went wrong: {@value}. */
  public static final int FAILURE = 1;

  private ExitStatus() {}
}
