package dev.reprise.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where Milvus is. A bean of this type replaces {@code reprise.milvus.uri} and {@code
 * reprise.milvus.token}, for example in a test that starts Milvus itself.
 */
public interface MilvusConnectionDetails extends ConnectionDetails {
  /** Returns the address: {@code http://localhost:19530}. */
  String uri();

  /** Returns the token that the server asks for, or null for none. */
  default @Nullable String token() {
    return null;
  }
}
