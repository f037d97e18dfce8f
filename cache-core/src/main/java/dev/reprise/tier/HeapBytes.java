package dev.reprise.tier;

import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;

/** Estimates how much heap an entry takes in {@link CaffeineExactTier}, rather too much. */
final class HeapBytes {
  /** The cache's node, the map's, the records, their instants and the key. */
  private static final int ENTRY = 640;

  /** A string and its array, without their characters. */
  private static final int STRING = 48;

  /** A member of a set, and of the index. */
  private static final int MEMBER = 160;

  private HeapBytes() {}

  static int of(Entry entry) {
    Answer answer = entry.answer();
    long bytes = ENTRY + of(answer.text()) + of(entry.model());
    if (!answer.payload().equals(answer.text())) {
      bytes += of(answer.payload());
    }
    if (entry.question() instanceof Question.Semantic semantic) {
      bytes += of(semantic.text()) + of(semantic.fingerprint().hex());
    } else if (entry.question() instanceof Question.ExactOnly exactOnly) {
      bytes += of(exactOnly.why());
    }
    for (Document document : answer.documents()) {
      bytes += MEMBER + of(document.id()) + of(document.version());
    }
    for (Tag tag : entry.tags()) {
      bytes += MEMBER + of(tag.name());
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private static long of(String text) {
    return STRING + (isLatin1(text) ? 1L : 2L) * text.length();
  }

  private static boolean isLatin1(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }
}
