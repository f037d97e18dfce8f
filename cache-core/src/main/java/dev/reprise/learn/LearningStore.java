package dev.reprise.learn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

/**
 * Saves the learned state over a restart. Called by one thread at a time, on a background thread of
 * the engine. An engine that closes waits for it for one second.
 */
public interface LearningStore {
  /** Returns the state that was saved last; empty if there is none. */
  Optional<String> load() throws IOException;

  /** Replaces the saved state with {@code learnt} atomically. */
  void save(String learnt) throws IOException;

  /**
   * Keeps the saved state under another name, because it is damaged or belongs to another matcher
   * or embedder, and will be replaced. Default: does nothing.
   */
  default void setAside() throws IOException {}

  /** Returns a store that saves nothing. */
  static LearningStore none() {
    return new LearningStore() {
      @Override
      public Optional<String> load() {
        return Optional.empty();
      }

      @Override
      public void save(String learnt) {}
    };
  }

  /**
   * Returns a store in {@code file}. It holds counts, the names of scopes, and hashes and vectors
   * of questions that were reported, but no text. One process writes it: two would overwrite each
   * other's. What cannot be read is set aside as the file's name and ".old".
   */
  static LearningStore file(Path file) {
    Objects.requireNonNull(file, "file");
    return new LearningStore() {
      @Override
      public Optional<String> load() throws IOException {
        try {
          return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
          return Optional.empty();
        }
      }

      @Override
      public void setAside() throws IOException {
        if (Files.exists(file)) {
          Files.move(
              file,
              file.resolveSibling(file.getFileName() + ".old"),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }

      @Override
      public void save(String learnt) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        Files.writeString(fresh, learnt, StandardCharsets.UTF_8);
        try {
          Files.move(
              fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
          Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    };
  }
}
