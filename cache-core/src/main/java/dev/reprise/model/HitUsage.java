package dev.reprise.model;

/** Which token usage an integration reports for an answer from the cache. */
public enum HitUsage {
  /** The usage of the call that produced the answer. A hit looks like the miss before it. */
  ORIGINAL,
  /** Zero. Nothing is billed for a hit, so meters that add up usage stay correct. */
  ZERO
}
