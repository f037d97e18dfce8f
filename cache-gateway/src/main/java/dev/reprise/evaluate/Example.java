package dev.reprise.evaluate;

/**
 * A decision to look at.
 *
 * @param asked the question that was asked
 * @param askedLabel its label; empty in pairs
 * @param cached the question whose answer was, or was not, served
 * @param cachedLabel its label; empty in pairs
 * @param cosine how near they are
 * @param verdict what the matcher said
 */
public record Example(
    String asked,
    String askedLabel,
    String cached,
    String cachedLabel,
    double cosine,
    Verdict verdict) {}
