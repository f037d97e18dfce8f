package dev.reprise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/*
 * The folder's name is made from the pinned requirements, so that a new pin gets a new folder and two checkouts share one. It
 * counts as made only once its marker is there: a build that was killed meanwhile leaves none, and the next one starts again.
 */
/** A Python virtual environment with pinned packages, made once in a cache folder. */
public final class VirtualEnvironment {
  /** Names the cache folder; {@code ~/.cache/reprise} where it is not set. */
  static final String CACHE_VARIABLE = "REPRISE_CACHE_DIR";

  private static final Duration INSTALL_DEADLINE = Duration.ofMinutes(15);
  private static final Object IN_THIS_PROCESS = new Object();

  private final Path folder;

  private VirtualEnvironment(Path folder) {
    this.folder = folder;
  }

  /** Returns the folder that holds it. */
  public Path folder() {
    return folder;
  }

  /** Returns its Python. */
  public Path python() {
    return folder.resolve("bin").resolve("python3");
  }

  /**
   * Returns the environment for the requirements in the resource {@code name-requirements.txt},
   * made now if it is not there.
   *
   * @param after Python code to run once in the new environment; its argument is the folder
   * @throws TestServerException if it cannot be made
   */
  static VirtualEnvironment of(String name, String after) {
    return of(name, resource(name + "-requirements.txt"), after);
  }

  /**
   * Returns the environment for {@code requirements}, as pip reads them, made now if it is not
   * there.
   *
   * @throws TestServerException if it cannot be made
   */
  public static VirtualEnvironment of(String name, byte[] requirements) {
    return of(name, requirements, "");
  }

  private static VirtualEnvironment of(String name, byte[] requirements, String after) {
    Path cache =
        Settings.find(CACHE_VARIABLE)
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "reprise"))
            .toAbsolutePath();
    Path folder = cache.resolve(name + "-" + shortHash(requirements, after));
    VirtualEnvironment environment = new VirtualEnvironment(folder);
    Path marker = folder.resolve(".complete");
    try {
      synchronized (IN_THIS_PROCESS) {
        Files.createDirectories(cache);
        Path lockFile = cache.resolve(folder.getFileName() + ".lock");
        try (FileChannel channel =
                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          if (!Files.exists(marker)) {
            environment.make(name, requirements, after);
            Files.writeString(marker, lock.isValid() ? "complete\n" : "");
          }
        }
      }
      return environment;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  private void make(String name, byte[] requirements, String after) throws IOException {
    Settings.say(
        "installing "
            + name
            + " into "
            + folder
            + " (once; downloads 80 to 200 MB, takes a minute or more)");
    long start = System.nanoTime();
    deleteTree(folder);
    run(List.of("python3", "-m", "venv", folder.toString()));
    Path list = folder.resolve("requirements.txt");
    Files.write(list, requirements);
    run(
        List.of(
            python().toString(),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--requirement",
            list.toString()));
    if (!after.isEmpty()) {
      run(List.of(python().toString(), "-c", after, folder.toString()));
    }
    Settings.say(
        "installed " + name + " in " + (System.nanoTime() - start) / 1_000_000_000 + " seconds");
  }

  private static void run(List<String> command) throws IOException {
    Path log = Files.createTempFile("reprise-install", ".log");
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(command))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(INSTALL_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new TestServerException(
            String.join(" ", command) + " has not ended after " + INSTALL_DEADLINE);
      }
      if (process.exitValue() != 0) {
        throw new TestServerException(
            String.join(" ", command)
                + " failed:\n"
                + Files.readString(log, StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestServerException("interrupted while installing", e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  /** Returns the bytes of a resource beside this class. */
  static byte[] resource(String name) {
    try (InputStream in = VirtualEnvironment.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new TestServerException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a folder and all in it, if it is there. */
  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private static String shortHash(byte[] requirements, String after) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(requirements);
      digest.update(after.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new TestServerException("every Java platform has SHA-256", e);
    }
  }
}
