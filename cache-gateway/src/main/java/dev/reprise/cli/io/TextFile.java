package dev.reprise.cli.io;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads files of text, plain or gzipped: gzip where they begin with gzip's two bytes. */
public final class TextFile {
  /** How many characters one text may have: {@value}. */
  public static final int LONGEST_TEXT = 20_000;

  private TextFile() {}

  /**
   * Opens a file that may be too large to be held in memory.
   *
   * @throws InputException if it cannot be read
   */
  public static BufferedReader open(Path file) {
    InputStream bytes = null;
    try {
      bytes = new BufferedInputStream(Files.newInputStream(file));
      bytes.mark(2);
      boolean isZipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      bytes = isZipped ? new GZIPInputStream(bytes) : bytes;
      return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      throw unreadable(file, closed(bytes, e));
    }
  }

  private static IOException closed(@Nullable InputStream bytes, IOException e) {
    if (bytes != null) {
      try {
        bytes.close();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
    }
    return e;
  }

  /** Returns what to say of a file that cannot be opened, or broke off while it was read. */
  public static InputException unreadable(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new InputException("there is no file " + file, e);
    }
    if (e instanceof CharacterCodingException) {
      return new InputException(file + " is not UTF-8 text; convert it first", e);
    }
    if (e instanceof EOFException || e instanceof ZipException) {
      return new InputException(
          file + " begins like a gzip file, but is broken: " + e.getMessage(), e);
    }
    return new InputException("cannot read " + file + ": " + e, e);
  }

  /**
   * Returns the text of a file.
   *
   * @throws InputException if it cannot be read, or is not UTF-8
   */
  public static String read(Path file) {
    try (BufferedReader reader = open(file)) {
      StringWriter text = new StringWriter();
      reader.transferTo(text);
      return text.toString();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
