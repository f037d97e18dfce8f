package dev.reprise.match;

/** See {@link Wording#asWritten()}. */
enum AsWritten implements Wording {
  INSTANCE
}
