package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * The group that shares answers: a tenant, an application or a user. Answers never cross scopes.
 * Entries of two scopes never meet, since the scope is part of the exact key and of the
 * fingerprint.
 *
 * @param name 1 to 256 characters, not blank; compared exactly
 */
public record Scope(String name) {
  /** The longest name, in characters: {@value}. */
  public static final int MAXIMUM_LENGTH = 256;

  public Scope {
    Objects.requireNonNull(name, "name");
    Checks.notBlank("scope", name);
    Checks.inRange("length of scope", name.length(), 1, MAXIMUM_LENGTH);
  }

  /** Returns the scope of that name. */
  public static Scope of(String name) {
    return new Scope(name);
  }
}
