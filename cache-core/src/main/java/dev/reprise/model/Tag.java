package dev.reprise.model;

/**
 * A name under which entries are invalidated together.
 *
 * @param name 1 to 256 characters, not blank
 */
public record Tag(String name) {
  /** The longest name, in characters: {@value}. */
  public static final int MAXIMUM_LENGTH = 256;

  private static final String DOCUMENT_PREFIX = "document:";

  public Tag {
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
    String name = DOCUMENT_PREFIX + documentId;
    return new Tag(
        name.length() <= MAXIMUM_LENGTH
            ? name
            : DOCUMENT_PREFIX
                + ContentHash.of(documentId.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .hex());
  }
}
