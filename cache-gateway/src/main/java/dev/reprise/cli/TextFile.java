package dev.reprise.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads files of text, plain or gzipped: gzip where they begin with gzip's two bytes. */
final class TextFile {
  private TextFile() {}

  /**
   * Opens a file that may be too large to be held in memory.
   *
   * @throws InputException if it cannot be read
   */
  static BufferedReader open(Path file) {
    try {
      BufferedInputStream bytes = new BufferedInputStream(Files.newInputStream(file));
      bytes.mark(2);
      boolean isZipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      return new BufferedReader(
          new InputStreamReader(
              isZipped ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8.newDecoder()));
    } catch (NoSuchFileException e) {
      throw new InputException("there is no file " + file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Returns what to say of a file that broke off while it was read. */
  static InputException unreadable(Path file, IOException e) {
    if (e instanceof CharacterCodingException) {
      return new InputException(file + " is not UTF-8 text; convert it first", e);
    }
    return new InputException("cannot read " + file + ": " + e, e);
  }

  /**
   * Returns the text of a file.
   *
   * @throws InputException if it cannot be read, or is not UTF-8
   */
  static String read(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      if (content.length > 1 && content[0] == (byte) 0x1f && content[1] == (byte) 0x8b) {
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(content))) {
          content = unzipped.readAllBytes();
        }
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (NoSuchFileException e) {
      throw new InputException("there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not UTF-8 text; convert it first", e);
    } catch (EOFException | ZipException e) {
      throw new InputException(
          file + " begins like a gzip file, but is broken: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new InputException("cannot read " + file + ": " + e, e);
    }
  }
}
