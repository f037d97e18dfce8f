package dev.reprise.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Tells what a run was made on, so that someone can repeat it. */
public final class Circumstances {
  /** Where a server lies on this machine: of no use to anyone else. */
  private static final Pattern HERE = Pattern.compile(", data in /\\S+|(?<= )/(\\S+/)?(?=[^/]+$)");

  private Circumstances() {}

  /**
   * Returns a line each for the command, the commit, the machine, Java and what else was used.
   *
   * @param tool what measured
   */
  public static List<String> lines(String command, String tool, List<String> servers) {
    List<String> lines = new ArrayList<>();
    lines.add("command: `" + command + "`");
    lines.add("commit: " + commit());
    lines.add(
        "machine: "
            + processor()
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version"));
    lines.add(
        "Java "
            + System.getProperty("java.runtime.version")
            + " ("
            + System.getProperty("java.vm.name")
            + "), "
            + tool);
    servers.forEach(line -> lines.add(HERE.matcher(line).replaceAll("")));
    return lines;
  }

  private static String commit() {
    String head = output("git", "rev-parse", "--short=12", "HEAD");
    boolean changed = !output("git", "status", "--porcelain", "--untracked-files=no").isEmpty();
    return head.isEmpty() ? "unknown" : head + (changed ? " with uncommitted changes" : "");
  }

  private static String processor() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // Not Linux: the architecture must do.
    }
    return System.getProperty("os.arch", "unknown");
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
