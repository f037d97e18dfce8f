package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.tier.Entry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps answers that an exact tier did not take, within a bound, until it answers again. Safe for
 * use by several threads.
 */
final class OwedEntries {
  private final int most;
  private final long mostCharacters;
  private final Map<ExactKey, Owed> entries = new LinkedHashMap<>();
  private long characters;

  /**
   * An answer that is to be written.
   *
   * @param began when its call began: see {@link Began}
   */
  record Owed(Entry entry, Began began) {
    long characters() {
      return (long) entry.answer().text().length() + entry.answer().payload().length();
    }
  }

  /**
   * @param most how many answers are kept
   * @param mostCharacters how long they may be together
   */
  OwedEntries(int most, long mostCharacters) {
    this.most = most;
    this.mostCharacters = mostCharacters;
  }

  /** Keeps an answer. Returns false if there is no room for it. */
  synchronized boolean add(Owed owed) {
    forget(owed.entry().key());
    if (entries.size() >= most || characters + owed.characters() > mostCharacters) {
      return false;
    }
    entries.put(owed.entry().key(), owed);
    characters += owed.characters();
    return true;
  }

  /** Forgets what was kept for a key: it was removed, or a newer answer was stored. */
  synchronized void forget(ExactKey key) {
    Owed owed = entries.remove(key);
    if (owed != null) {
      characters -= owed.characters();
    }
  }

  /** Returns the oldest, which stays until it is forgotten. */
  synchronized Optional<Owed> peek() {
    Iterator<Owed> all = entries.values().iterator();
    return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
  }

  synchronized int size() {
    return entries.size();
  }
}
