package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.CacheException;
import dev.reprise.model.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removals that a tier owes, since it did not answer; with a file, over a restart. Each line of the
 * file is a moment, E for an entry, T for a tag or A for everything, and which, in Base64. Safe for
 * use by several threads.
 *
 * <p>Where the file cannot be read, or a line of it, nobody knows what is owed: so all that was
 * stored before is. A file that cannot be read stays as it is, for whoever looks into it.
 */
final class PendingRemovals {
  /**
   * So long after everything was written down to be owed, it is once more: by the margin for clocks
   * what is stored meanwhile is owed, too.
   */
  private static final Duration ALL_PAUSE = GuardedExactTier.CLOCK_MARGIN.dividedBy(5);

  private final @Nullable Path file;
  private final Consumer<CacheEvent> events;
  private final Map<Tag, Instant> tags = new ConcurrentHashMap<>();
  private final Map<ExactKey, Instant> keys = new ConcurrentHashMap<>();
  private volatile @Nullable Instant all;
  private @Nullable Instant allWritten;
  private volatile boolean isWritten = true;

  /** Whether the file is one that this process may write. */
  private boolean isReadable = true;

  /**
   * @param file null keeps them in this process only
   * @param now from when on what is stored is not owed, where the file cannot be read
   */
  PendingRemovals(@Nullable Path file, Instant now, Consumer<CacheEvent> events) {
    this.file = file;
    this.events = events;
    if (file != null) {
      load(file, now);
    }
  }

  /** Returns the moment up to which all that was stored is owed, or null. */
  @Nullable Instant all() {
    return all;
  }

  Map<Tag, Instant> tags() {
    return tags;
  }

  Map<ExactKey, Instant> keys() {
    return keys;
  }

  /** Returns whether what is owed outlives this process. */
  boolean isDurable() {
    return file != null && isWritten;
  }

  private void load(Path from, Instant now) {
    try {
      String text = Files.readString(from, StandardCharsets.ISO_8859_1);
      // A last line that was cut off, as by a crash while it was written, was not acknowledged.
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      if (!whole.lines().allMatch(this::isRead)) {
        all = now;
        trouble(
            new CacheException(
                from
                    + " holds a line that is no removal; what was stored before now is not served"));
      }
      if (whole.length() < text.length() || all != null) {
        // Else the next line would be added to the one that was cut off, and be lost with it.
        settled();
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      all = now;
      isReadable = false;
      isWritten = false;
      trouble(
          new CacheException(
              from
                  + " cannot be read. What was stored before now is not served. Mend the file, or"
                  + " move it away, and restart",
              e));
    }
  }

  private void trouble(Exception e) {
    events.accept(new CacheEvent.Trouble("pending-removals", e));
  }

  private boolean isRead(String line) {
    List<String> parts = List.of(line.split(" ", 4));
    if (parts.size() != 4 || !parts.get(3).equals(".")) {
      return false;
    }
    try {
      Instant when = Instant.parse(parts.get(0));
      switch (parts.get(1)) {
        case "E" -> keys.put(ExactKey.ofHex(parts.get(2)), when);
        case "A" -> all = when;
        default -> {
          byte[] name = Base64.getDecoder().decode(parts.get(2));
          tags.put(Tag.of(new String(name, StandardCharsets.UTF_8)), when);
        }
      }
      return true;
    } catch (DateTimeException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns the line for everything. */
  private static String line(Instant when) {
    return when + " A all .\n";
  }

  private static String line(Tag tag, Instant when) {
    return when
        + " T "
        + Base64.getEncoder().encodeToString(tag.name().getBytes(StandardCharsets.UTF_8))
        + " .\n";
  }

  private static String line(ExactKey key, Instant when) {
    return when + " E " + key.hex() + " .\n";
  }

  void owe(Tag tag, Instant when) {
    tags.put(tag, when);
    append(line(tag, when));
  }

  void owe(ExactKey key, Instant when) {
    keys.put(key, when);
    append(line(key, when));
  }

  /** All that was stored before is owed: there are too many to name them. */
  synchronized void oweAll(Instant when) {
    all = when;
    Instant written = allWritten;
    if (written == null || when.isAfter(written.plus(ALL_PAUSE))) {
      allWritten = when;
      append(line(when));
    }
  }

  private synchronized void append(String line) {
    if (file == null || !isReadable) {
      return;
    }
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(
          file,
          line,
          StandardCharsets.ISO_8859_1,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    } catch (IOException e) {
      isWritten = false;
      trouble(e);
    }
  }

  /** Writes down what is left, after some were done. */
  synchronized void settled() {
    if (file == null || !isReadable) {
      return;
    }
    Instant everything = all;
    String rest =
        (everything == null ? "" : line(everything))
            + tags.entrySet().stream()
                .map(each -> line(each.getKey(), each.getValue()))
                .collect(Collectors.joining())
            + keys.entrySet().stream()
                .map(each -> line(each.getKey(), each.getValue()))
                .collect(Collectors.joining());
    try {
      // Beside it first: a crash while it is written must not lose what is owed.
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(
          fresh,
          rest,
          StandardCharsets.ISO_8859_1,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      isWritten = true;
    } catch (IOException e) {
      // The old file stays: what is done is done once more after a restart.
      trouble(e);
    }
  }
}
