package dev.reprise.model;

/** How an answer ended, as the provider reports it. */
public enum Completion {
  /** It came to its own end. */
  COMPLETE,
  /** It was cut off at the token limit. */
  TRUNCATED,
  /** The provider's content filter took all or part of it away. */
  FILTERED,
  /** The model or the provider refused to answer. */
  REFUSED,
  /** It asks for tools to be called. */
  TOOL_CALLS,
  /** It was made from a source whose document and version are not known. */
  UNKNOWN_SOURCE,
  /** The provider gave another reason, or one that the integration does not know. */
  OTHER
}
