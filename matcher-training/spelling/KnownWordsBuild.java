import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the lists that typing mistakes are corrected by: java KnownWordsBuild.java LISTS EXTRA OUT
 *
 * <p>LISTS has what lists.py writes. EXTRA has extra-words.txt and extra-frequent.txt. OUT gets
 * frequent.txt (the words that a mistake is corrected to) and known-words.bin (a Bloom filter of
 * them and of all known words).
 */
final class KnownWordsBuild {
  /** The size of the filter: one unknown word in some eighty is taken for a known one. */
  private static final int BYTES = 690_000;

  private static final int HASHES = 6;

  /** So many words of an encyclopaedia are hardly ever mistakes. */
  private static final int ENCYCLOPAEDIA = 60_000;

  private static final int LONGEST = 20;

  private final Map<String, Integer> frequent = new LinkedHashMap<>();

  public static void main(String[] args) throws IOException {
    new KnownWordsBuild().run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
  }

  private void run(Path lists, Path extra, Path out) throws IOException {
    for (String line : Files.readAllLines(lists.resolve("targets.txt"))) {
      int space = line.indexOf(' ');
      frequent.put(line.substring(0, space), Integer.parseInt(line.substring(space + 1)));
    }
    for (String line : lines(extra.resolve("extra-frequent.txt"))) {
      int colon = line.indexOf(':');
      for (String word : line.substring(colon + 1).strip().split(" +")) {
        frequent.put(word, Integer.parseInt(line.substring(0, colon)));
      }
    }
    frequent.keySet().removeIf(word -> word.length() > LONGEST);
    Set<String> known = new HashSet<>();
    for (String source :
        List.of(
            "huge",
            "insane",
            "wordnet",
            "engb",
            "bert",
            "symspell",
            "people",
            "cspell",
            "first",
            "last",
            "city",
            "country")) {
      add(known, source, Files.readAllLines(lists.resolve(source + ".txt")));
    }
    List<String> extras = new ArrayList<>();
    lines(extra.resolve("extra-words.txt")).forEach(l -> extras.addAll(List.of(l.split(" +"))));
    add(known, "extra", extras);
    List<String> encyclopaedia = Files.readAllLines(lists.resolve("poprank.txt"));
    add(known, "encyclopaedia", encyclopaedia.subList(0, ENCYCLOPAEDIA));
    known.addAll(frequent.keySet());
    frequentWords(out.resolve("frequent.txt"));
    filter(known, out.resolve("known-words.bin"));
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(l -> !l.isBlank() && !l.startsWith("#"))
        .toList();
  }

  private void add(Set<String> known, String source, List<String> words) {
    int before = known.size();
    for (String word : words) {
      if (isWord(word)) {
        known.add(word);
      }
    }
    System.out.println(
        source + ": " + words.size() + " words, " + (known.size() - before) + " new");
  }

  private static boolean isWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) < 'a' || word.charAt(i) > 'z') {
        return false;
      }
    }
    return word.length() >= 4 && word.length() <= LONGEST;
  }

  private void frequentWords(Path file) throws IOException {
    TreeMap<Integer, TreeSet<String>> classes = new TreeMap<>();
    frequent.forEach(
        (word, frequency) ->
            classes.computeIfAbsent(-frequency, unused -> new TreeSet<>()).add(word));
    List<String> lines = new ArrayList<>();
    lines.add("# Frequent words by the decimal logarithm of their frequency, times ten. Made by");
    lines.add(
        "# matcher-training/spelling, from SymSpell's dictionary (MIT): words of SCOWL, frequencies");
    lines.add("# of Google Books Ngram (CC BY 3.0).");
    classes.forEach(
        (frequency, words) -> {
          StringBuilder line = new StringBuilder();
          for (String word : words) {
            if (line.length() + word.length() > 118) {
              lines.add(-frequency + ":" + line);
              line.setLength(0);
            }
            line.append(' ').append(word);
          }
          lines.add(-frequency + ":" + line);
        });
    Files.write(file, lines);
  }

  private static void filter(Set<String> words, Path file) throws IOException {
    long[] bits = new long[BYTES / 8];
    for (String word : words) {
      long hash = 0xcbf29ce484222325L;
      for (int i = 0; i < word.length(); i++) {
        hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
      }
      hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
      hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
      hash ^= hash >>> 33;
      long at = hash & 0xffffffffL;
      for (int i = 0; i < HASHES; i++) {
        int bit = (int) (at % (64L * bits.length));
        bits[bit >>> 6] |= 1L << (bit & 63);
        at += (hash >>> 32) | 1;
      }
    }
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      byte[] bytes = new byte[8 * bits.length + 8];
      java.nio.ByteBuffer.wrap(bytes).putInt(HASHES).putInt(bits.length).asLongBuffer().put(bits);
      out.write(bytes);
    }
    System.out.println(words.size() + " words, " + Files.size(file) + " bytes");
  }
}
