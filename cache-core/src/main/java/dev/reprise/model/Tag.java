package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * A name under which entries are invalidated together.
 *
 * @param name 1 to 256 characters, not blank
 */
public record Tag(String name) {
  /** The longest name, in characters: {@value}. */
  public static final int MAXIMUM_LENGTH = 256;

  private static final String DOCUMENT_PREFIX = "document:";
  private static final String SCOPE_PREFIX = "scope:";
  private static final String CONTRIBUTOR_PREFIX = "contributor:";

  public Tag {
    Objects.requireNonNull(name, "name");
    Checks.notBlank("tag", name);
    Checks.inRange("length of tag", name.length(), 1, MAXIMUM_LENGTH);
  }

  /** Returns the tag of that name. */
  public static Tag of(String name) {
    return new Tag(name);
  }

  /**
   * Returns the tag that every entry made from the document {@code documentId} carries, whatever
   * the version. A long identifier is replaced by its hash.
   */
  public static Tag document(String documentId) {
    Objects.requireNonNull(documentId, "documentId");
    return prefixed(DOCUMENT_PREFIX, documentId);
  }

  /**
   * Returns the tag that invalidates all entries of {@code scope}. The gateway and the Spring Boot
   * starter set it on their entries. With another integration, add it yourself. A long name is
   * replaced by its hash.
   */
  public static Tag scope(Scope scope) {
    Objects.requireNonNull(scope, "scope");
    return prefixed(SCOPE_PREFIX, scope.name());
  }

  /**
   * Returns whether the name has the form of a {@link #scope} tag. Users cannot use such a name.
   */
  public boolean isScope() {
    return name.startsWith(SCOPE_PREFIX);
  }

  /**
   * Returns the scope of a {@link #scope} tag. Empty for another tag, or where the name is a hash.
   */
  public Optional<Scope> asScope() {
    String rest = isScope() ? name.substring(SCOPE_PREFIX.length()) : "";
    return rest.isBlank() ? Optional.empty() : Optional.of(Scope.of(rest));
  }

  /**
   * Returns the tag of all answers that {@code contributor} asked for first. The engine sets it on
   * each entry whose request names a contributor. A long name is replaced by its hash.
   */
  public static Tag contributor(Contributor contributor) {
    Objects.requireNonNull(contributor, "contributor");
    return prefixed(CONTRIBUTOR_PREFIX, contributor.name());
  }

  /**
   * Returns whether the name has the form of a {@link #contributor} tag. Users cannot use such a
   * name.
   */
  public boolean isContributor() {
    return name.startsWith(CONTRIBUTOR_PREFIX);
  }

  /**
   * Returns the document identifier, or its hash, of a {@link #document} tag. Empty for another
   * tag.
   */
  public Optional<String> asDocument() {
    return name.startsWith(DOCUMENT_PREFIX)
        ? Optional.of(name.substring(DOCUMENT_PREFIX.length()))
        : Optional.empty();
  }

  private static Tag prefixed(String prefix, String rest) {
    String name = prefix + rest;
    return new Tag(
        name.length() <= MAXIMUM_LENGTH
            ? name
            : prefix + ContentHash.of(rest.getBytes(StandardCharsets.UTF_8)).hex());
  }
}
