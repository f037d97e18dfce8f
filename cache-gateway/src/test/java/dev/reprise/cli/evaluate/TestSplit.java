package dev.reprise.cli.evaluate;

import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.LabelledPair;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pairs the verifier's training has set aside for its test: whole groups of pairs that share
 * a question, by the hash of the group's first question. The twin of {@code split} in {@code
 * matcher-training/verifier_training/data.py}.
 */
final class TestSplit {
  /** The share of the groups that is set aside. */
  private static final Map<String, Double> SHARES =
      Map.of("qqp", 0.11, "semantoneg", 0.20, "apt", 0.40, "stsb", 0.40);

  private final Map<String, String> parents = new HashMap<>();

  private TestSplit() {}

  /**
   * Returns the pairs that were set aside.
   *
   * @param name of the file that {@code pairs} are all of
   */
  static List<LabelledPair> of(String name, LabelledData.Pairs pairs) {
    TestSplit groups = new TestSplit();
    pairs.pairs().forEach(pair -> groups.join(pair.cached(), pair.query()));
    double share = SHARES.get(name);
    return pairs.pairs().stream()
        .filter(pair -> fraction(groups.first(pair.cached())) < share)
        .toList();
  }

  private void join(String one, String other) {
    String first = first(one);
    String second = first(other);
    if (first.compareTo(second) < 0) {
      parents.put(second, first);
    } else {
      parents.put(first, second);
    }
  }

  /** Returns the question of the group that stands first in the order of the alphabet. */
  private String first(String question) {
    String root = question;
    String parent = parents.getOrDefault(root, root);
    while (!parent.equals(root)) {
      root = parent;
      parent = parents.getOrDefault(root, root);
    }
    String next = question;
    while (!next.equals(root)) {
      String above = parents.getOrDefault(next, next);
      parents.put(next, root);
      next = above;
    }
    return root;
  }

  private static double fraction(String group) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("split\0" + group).getBytes(StandardCharsets.UTF_8));
      return Double.parseDouble(Long.toUnsignedString(ByteBuffer.wrap(digest).getLong())) / 0x1p64;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
