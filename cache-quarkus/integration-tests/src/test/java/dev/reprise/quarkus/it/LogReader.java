package dev.reprise.quarkus.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a Quarkus application logs, and finds its address there. */
final class LogReader {
  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://\\S+)");

  private final StringBuilder log = new StringBuilder();
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final Thread reader;

  LogReader(InputStream in) {
    reader = new Thread(() -> read(in), "application-log");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream in) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (log) {
          log.append(line).append('\n');
        }
        Matcher matcher = LISTENING.matcher(line);
        if (matcher.find()) {
          address.complete(matcher.group(1));
        }
      }
      address.completeExceptionally(new IOException("the application ended:\n" + soFar()));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  /** Waits for the start. */
  String address() {
    try {
      return address.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the application did not start:\n" + soFar(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Returns the log, once the application has ended. */
  String whole() {
    try {
      reader.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return soFar();
  }

  private String soFar() {
    synchronized (log) {
      return log.toString();
    }
  }
}
