package dev.reprise.evaluate;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts a text on a circle at the angle, in degrees, that it ends with: the cosine of "a 0" and "b
 * 60" is 0.5. One that ends with a word is at ten degrees a word. A text with "endless" in it is
 * too long.
 */
public final class AngleEmbedder implements Embedder {
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

  /** Returns the cosine of two texts whose angles are so far apart. */
  public static double cosine(double degrees) {
    return Math.cos(Math.toRadians(degrees));
  }

  @Override
  public String id() {
    return "angle";
  }

  @Override
  public int dimension() {
    return 2;
  }

  @Override
  public Embedding embed(String text) {
    calls.computeIfAbsent(text, unknown -> new AtomicInteger()).incrementAndGet();
    if (text.contains("endless")) {
      return new Embedding.TooLong(2);
    }
    String last = text.substring(text.lastIndexOf(' ') + 1);
    double angle =
        Math.toRadians(
            Character.isLetter(last.charAt(0))
                ? 10 * text.split(" ", -1).length
                : Double.parseDouble(last));
    return new Embedding.Embedded(
        Vector.normalized(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)}));
  }

  /** Returns how often the text that was embedded most often was. */
  public int mostCalls() {
    return calls.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
  }
}
