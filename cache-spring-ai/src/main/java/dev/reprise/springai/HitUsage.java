package dev.reprise.springai;

/** Which token usage a response from the cache has. */
public enum HitUsage {
  /** That of the call that was once made, so that a hit looks like the miss before it. */
  ORIGINAL,
  /** Zero: nothing is billed for a hit, and meters that add usages up stay right. */
  ZERO
}
