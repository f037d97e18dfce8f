package dev.reprise.curated;

import dev.reprise.model.internal.Checks;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version of the curated entries. It is replaced as a whole, so that a version says exactly what
 * was served. Immutable.
 */
public final class CuratedSet {
  /** The most entries of a set: {@value}. */
  public static final int MOST_ENTRIES = 10_000;

  /** The most characters of a set, all its texts together: 4 Mi. */
  public static final long MOST_CHARACTERS = 4L << 20;

  /** The set without entries, which is there before anything was imported. Its version is 0. */
  public static final CuratedSet EMPTY = new CuratedSet(0, Instant.EPOCH, "", "", List.of());

  private final long version;
  private final Instant madeAt;
  private final String madeBy;
  private final String note;
  private final List<CuratedEntry> entries;
  private final Map<String, CuratedEntry> byId = new HashMap<>();

  /**
   * @throws IllegalArgumentException if there are too many entries, or two have the same identifier
   */
  CuratedSet(long version, Instant madeAt, String madeBy, String note, List<CuratedEntry> entries) {
    this.version = version;
    this.madeAt = Objects.requireNonNull(madeAt, "madeAt");
    this.madeBy = Objects.requireNonNull(madeBy, "madeBy");
    this.note = Objects.requireNonNull(note, "note");
    this.entries = List.copyOf(entries);
    Checks.inRange("number of curated entries", entries.size(), 0, MOST_ENTRIES);
    long characters = 0;
    for (CuratedEntry entry : this.entries) {
      characters += characters(entry);
      if (byId.put(entry.id(), entry) != null) {
        throw new IllegalArgumentException("two curated entries have the id " + entry.id());
      }
    }
    Checks.inRange("number of characters of the curated entries", characters, 0, MOST_CHARACTERS);
  }

  /**
   * Returns {@code entries}, which can be a set.
   *
   * @throws IllegalArgumentException if there are too many, or two have the same identifier
   */
  public static List<CuratedEntry> checked(List<CuratedEntry> entries) {
    return new CuratedSet(0, Instant.EPOCH, "", "", entries).entries();
  }

  private static long characters(CuratedEntry entry) {
    long characters = (long) entry.question().length() + entry.answer().length();
    for (List<String> texts : List.of(entry.aliases(), entry.systems(), entry.models())) {
      for (String text : texts) {
        characters += text.length();
      }
    }
    return characters;
  }

  /** Returns its number. Each change of the entries makes a higher one. */
  public long version() {
    return version;
  }

  /** Returns when it was made. */
  public Instant madeAt() {
    return madeAt;
  }

  /** Returns who made it; empty if unknown. */
  public String madeBy() {
    return madeBy;
  }

  /** Returns why it was made; may be empty. */
  public String note() {
    return note;
  }

  /** Returns the entries, in the order in which they were imported. */
  public List<CuratedEntry> entries() {
    return entries;
  }

  /** Returns the entry of that identifier. */
  public Optional<CuratedEntry> entry(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CuratedSet set
        && version == set.version
        && madeAt.equals(set.madeAt)
        && madeBy.equals(set.madeBy)
        && note.equals(set.note)
        && entries.equals(set.entries);
  }

  @Override
  public int hashCode() {
    return Objects.hash(version, madeAt, entries);
  }

  /** Returns its version and size: no text of an entry. */
  @Override
  public String toString() {
    return "CuratedSet[version=" + version + ", entries=" + entries.size() + "]";
  }
}
