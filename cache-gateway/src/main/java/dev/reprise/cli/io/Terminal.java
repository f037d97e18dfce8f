package dev.reprise.cli.io;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where output goes and what it can show.
 *
 * @param out where it goes
 * @param charset what {@code out} writes in
 * @param interactive whether a line on it can be written over
 */
public record Terminal(PrintStream out, Charset charset, boolean interactive) {
  /** How many characters a line has: {@value}. */
  public static final int WIDTH = 100;

  /** What the launcher sets to "true" where standard output is a terminal: {@value}. */
  static final String INTERACTIVE = "reprise.terminal";

  /** Returns the terminal that this process was started on. */
  public static Terminal ofProcess() {
    Charset charset = charsetOfProcess();
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset),
        charset,
        Boolean.getBoolean(INTERACTIVE));
  }

  /** Returns whether it shows more than ASCII. */
  public boolean unicode() {
    return charset.equals(StandardCharsets.UTF_8);
  }

  private static Charset charsetOfProcess() {
    for (String property : new String[] {"stdout.encoding", "sun.stdout.encoding"}) {
      String name = System.getProperty(property);
      if (name != null && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    String name = System.getProperty("native.encoding", "US-ASCII");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
  }
}
