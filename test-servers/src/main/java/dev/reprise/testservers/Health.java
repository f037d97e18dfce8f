package dev.reprise.testservers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a server that starts. */
final class Health {
  private static final Duration STEP = Duration.ofMillis(50);

  private Health() {}

  /**
   * Waits until {@code url} answers 200: an HTTP address, or {@code tcp://host:port} for one that
   * only has to accept connections.
   *
   * @throws TestServerException if it does not in time, or {@code alive} ends before
   */
  static void await(String url, Duration deadline, BooleanSupplier alive) {
    URI uri = URI.create(url);
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    long end = System.nanoTime() + deadline.toNanos();
    while (System.nanoTime() < end) {
      if (!alive.getAsBoolean()) {
        throw new TestServerException("the server ended while it was starting");
      }
      try {
        if (uri.getScheme().equals("tcp") ? accepts(uri) : answers(client, uri)) {
          return;
        }
        Thread.sleep(STEP.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestServerException("interrupted while waiting for " + url, e);
      }
    }
    throw new TestServerException(url + " does not answer after " + deadline);
  }

  private static boolean accepts(URI uri) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(HttpClient client, URI uri) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
