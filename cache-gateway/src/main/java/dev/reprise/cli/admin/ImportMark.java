package dev.reprise.cli.admin;

import dev.reprise.cli.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a file was imported: in a file beside it, with the size of the one that it belongs to.
 * Lines before it are in the cache; some after it may be, and are stored again.
 */
final class ImportMark {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18}) lines of (\\d{1,18}) bytes\\s*");

  private final Path path;
  private final long bytes;
  private final long lines;

  private ImportMark(Path path, long bytes, long lines) {
    this.path = path;
    this.bytes = bytes;
    this.lines = lines;
  }

  /**
   * Returns the mark of {@code file}; at its beginning where there is none.
   *
   * @throws InputException if the mark belongs to another file
   */
  static ImportMark beside(Path file) {
    Path path = file.resolveSibling(file.getFileName() + ".imported");
    try {
      if (!Files.exists(file)) {
        throw new InputException("there is no file " + file);
      }
      long bytes = Files.size(file);
      if (!Files.exists(path)) {
        return new ImportMark(path, bytes, 0);
      }
      Matcher said = FORM.matcher(Files.readString(path));
      if (!said.matches() || Long.parseLong(said.group(2)) != bytes) {
        throw new InputException(
            path + " belongs to another version of " + file + ": delete it to begin anew");
      }
      return new ImportMark(path, bytes, Long.parseLong(said.group(1)));
    } catch (IOException e) {
      throw new InputException("cannot read " + path + ": " + e, e);
    }
  }

  /** Returns how many lines need not be sent again. */
  long lines() {
    return lines;
  }

  /** Notes that so many lines are in the cache. */
  void move(long done) {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.writeString(next, done + " lines of " + bytes + " bytes\n");
      Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new InputException("cannot write " + path + ": " + e, e);
    }
  }

  /** Removes the mark: all is imported. */
  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new InputException("cannot delete " + path + ": " + e, e);
    }
  }
}
