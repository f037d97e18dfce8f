package dev.reprise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-made certificate for 127.0.0.1 and localhost, as a server wants it.
 *
 * @param certificate PEM
 * @param key PEM, PKCS #8
 * @param store the PKCS #12 key store of both; its password is "changeit"
 */
public record TlsFiles(Path certificate, Path key, Path store) {
  private static final String PASSWORD = "changeit";

  /** Makes a certificate in {@code directory}, with the JDK's keytool. */
  public static TlsFiles create(Path directory) {
    Path store = directory.resolve("server.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    try {
      Process process =
          new ProcessBuilder(
                  keytool.toString(),
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-keyalg",
                  "RSA",
                  "-keysize",
                  "2048",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "SAN=ip:127.0.0.1,dns:localhost",
                  "-validity",
                  "30",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD,
                  "-keystore",
                  store.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new TestServerException("keytool made no certificate: " + said);
      }
      KeyStore keys = load(store);
      Path certificate = directory.resolve("server.crt");
      Path key = directory.resolve("server.key");
      Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
      Files.writeString(
          key, pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded()));
      return new TlsFiles(certificate, key, store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new TestServerException("the certificate cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestServerException("interrupted", e);
    }
  }

  /** Returns a factory of sockets that trust this certificate and no other. */
  public SSLSocketFactory trustingSockets() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", load(store).getCertificate("server"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new TestServerException("the certificate cannot be read", e);
    }
  }

  private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream from = Files.newInputStream(store)) {
      keys.load(from, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN " + what + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END " + what + "-----\n";
  }
}
