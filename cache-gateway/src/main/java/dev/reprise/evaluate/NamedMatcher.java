package dev.reprise.evaluate;

import dev.reprise.match.Matcher;

/**
 * A matcher that is measured.
 *
 * @param name what the user calls it: "threshold:0.92"
 * @param family what it has in common with the matchers that differ from it in their operating
 *     point only: "threshold". They share a curve
 * @param matcher the matcher
 * @param widest the one of the family that decides about the most candidates; its confidences give
 *     the curve, whatever it accepts
 */
public record NamedMatcher(String name, String family, Matcher matcher, Matcher widest) {}
