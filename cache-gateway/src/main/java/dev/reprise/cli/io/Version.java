package dev.reprise.cli.io;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Reads the version that the build wrote down. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"Reprise " + number(), java()};
  }

  /** Returns the version's number. */
  public static String number() {
    return properties().getProperty("version");
  }

  /** Returns which Java runs, and on what. */
  public static String java() {
    return "Java "
        + System.getProperty("java.version")
        + " ("
        + System.getProperty("java.vm.name")
        + "), "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch");
  }

  /** Returns what the build wrote down. */
  public static Properties properties() {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Resources.text("version.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
