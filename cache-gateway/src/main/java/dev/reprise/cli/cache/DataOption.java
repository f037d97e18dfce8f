package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the gateway keeps its answers over a restart: what {@code --data-dir} says. */
public final class DataOption {
  /** A directory of this user's, one for each upstream. */
  public static final String AUTO = "auto";

  /** Answers are in memory only. */
  static final String NONE = "none";

  private DataOption() {}

  /**
   * Returns where answers are kept.
   *
   * @param said "auto", "none" or a directory
   * @param tiers answers are kept here only where no server keeps them
   * @param upstream answers of different upstreams are kept apart where nothing else is said
   * @param environment says where this user's data is; where it does not, nothing is kept by
   *     default
   * @throws InputException if a directory is named, and servers keep the answers
   */
  public static Optional<CacheSettings.Data> parse(
      String said, Tiers tiers, URI upstream, Map<String, String> environment) {
    if (said.isBlank() || said.equals(NONE)) {
      return Optional.empty();
    }
    if (said.equals(AUTO)) {
      return tiers.isInProcess()
          ? home(environment)
              .map(home -> home.resolve("reprise").resolve(name(upstream)))
              .map(directory -> new CacheSettings.Data(directory, true))
          : Optional.empty();
    }
    if (!tiers.isInProcess()) {
      throw new InputException(
          "--data-dir "
              + said
              + ": with redis or milvus among the --tiers, the servers keep the answers. Leave"
              + " --data-dir out, or choose --tiers "
              + Tiers.DEFAULT);
    }
    return Optional.of(new CacheSettings.Data(Path.of(said), false));
  }

  private static Optional<Path> home(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    if (!xdg.isBlank()) {
      return Optional.of(Path.of(xdg));
    }
    String windows = environment.getOrDefault("LOCALAPPDATA", "");
    if (!windows.isBlank()) {
      return Optional.of(Path.of(windows));
    }
    String home = environment.getOrDefault("HOME", "");
    return home.isBlank() ? Optional.empty() : Optional.of(Path.of(home, ".local", "share"));
  }

  private static String name(URI upstream) {
    String host = upstream.getHost() == null ? "upstream" : upstream.getHost();
    String port = upstream.getPort() < 0 ? "" : "_" + upstream.getPort();
    return (host + port).replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
