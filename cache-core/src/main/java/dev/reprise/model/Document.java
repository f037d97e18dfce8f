package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * A version of a document that an answer was made from. Another version is another document: an
 * answer made from the old one is not served.
 *
 * @param id what names the document, whatever its version
 * @param version what changes when its content does: a number, a date, an ETag, a {@link
 *     ContentHash}
 */
public record Document(String id, String version) {
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(version, "version");
    Checks.notBlank("id of document", id);
    Checks.notBlank("version of document " + id, version);
  }
}
