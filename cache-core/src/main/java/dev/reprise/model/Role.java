package dev.reprise.model;

/** Who speaks in a {@link Message}. */
public enum Role {
  SYSTEM,
  DEVELOPER,
  USER,
  ASSISTANT,
  TOOL
}
