package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
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
 * file is a moment, E for an entry or T for a tag, and which, in Base64. Safe for use by several
 * threads.
 */
final class PendingRemovals {
  private final @Nullable Path file;
  private final Consumer<CacheEvent> events;
  private final Map<Tag, Instant> tags = new ConcurrentHashMap<>();
  private final Map<ExactKey, Instant> keys = new ConcurrentHashMap<>();
  private volatile boolean isWritten = true;

  /**
   * @param file null keeps them in this process only
   */
  PendingRemovals(@Nullable Path file, Consumer<CacheEvent> events) {
    this.file = file;
    this.events = events;
    if (file != null) {
      load(file);
    }
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

  private void load(Path from) {
    try {
      String text = Files.readString(from, StandardCharsets.ISO_8859_1);
      text.lines().forEach(this::read);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        // Else the next line would be added to the one that was cut off, and be lost with it.
        settled();
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      events.accept(new CacheEvent.Trouble("pending-removals", e));
    }
  }

  /** A line that was cut off, as by a crash while it was written, was not acknowledged. */
  private void read(String line) {
    List<String> parts = List.of(line.split(" ", 4));
    if (parts.size() != 4 || !parts.get(3).equals(".")) {
      return;
    }
    try {
      Instant when = Instant.parse(parts.get(0));
      if (parts.get(1).equals("E")) {
        keys.put(ExactKey.ofHex(parts.get(2)), when);
      } else {
        byte[] name = Base64.getDecoder().decode(parts.get(2));
        tags.put(Tag.of(new String(name, StandardCharsets.UTF_8)), when);
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      events.accept(new CacheEvent.Trouble("pending-removals", e));
    }
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

  private synchronized void append(String line) {
    if (file == null) {
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
      events.accept(new CacheEvent.Trouble("pending-removals", e));
    }
  }

  /** Writes down what is left, after some were done. */
  synchronized void settled() {
    if (file == null) {
      return;
    }
    String rest =
        tags.entrySet().stream()
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
      events.accept(new CacheEvent.Trouble("pending-removals", e));
    }
  }
}
