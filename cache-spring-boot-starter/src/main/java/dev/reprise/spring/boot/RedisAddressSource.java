package dev.reprise.spring.boot;

import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** Reads the address of Redis from Spring's connection details; there is one for each Boot. */
@FunctionalInterface
interface RedisAddressSource {
  /** Returns the address. Empty where Spring has none that the tier can use. */
  Optional<Address> address();

  /**
   * Where Redis is.
   *
   * @param url as reprise-redis reads it
   * @param tls what makes TLS connections, or null for the JVM's own
   */
  record Address(String url, @Nullable SSLSocketFactory tls) {
    static Address of(String url, @Nullable SslBundle bundle) {
      return new Address(url, bundle == null ? null : bundle.createSslContext().getSocketFactory());
    }

    /** Holds a password. */
    @Override
    public String toString() {
      return "Address";
    }
  }
}
