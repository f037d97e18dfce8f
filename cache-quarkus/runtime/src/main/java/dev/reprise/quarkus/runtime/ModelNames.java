package dev.reprise.quarkus.runtime;

import java.util.Set;

/**
 * The names of the application's model beans, as the build has found them.
 *
 * @param names what {@code quarkus.reprise.models.include} and {@code exclude} may name
 */
public record ModelNames(Set<String> names) {
  /** Copies the names. */
  public ModelNames {
    names = Set.copyOf(names);
  }
}
