package dev.reprise.embedded;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What {@link NativeModelsTest} runs in a JVM of its own. */
final class NativeModelsProgram {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final BlockingQueue<String> SOCKETS = new LinkedBlockingQueue<>();

  private NativeModelsProgram() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("sockets")) {
      sockets();
    } else {
      memory(Integer.parseInt(arguments[1]));
    }
    System.exit(0);
  }

  @SuppressWarnings("deprecation") // There is no other way to see every socket of a JVM.
  private static void sockets() throws Exception {
    Socket.setSocketImplFactory(
        () -> {
          SOCKETS.add(String.valueOf(Thread.currentThread().getName()));
          throw new IllegalStateException("no socket here");
        });
    try {
      ask("sockets");
    } catch (CacheException e) {
      // Whoever wanted a socket failed for the want of it.
      SOCKETS.add(String.valueOf(e.getCause()));
    }
    // What is sent home is sent by a thread of its own.
    String late = SOCKETS.poll(2, TimeUnit.SECONDS);
    System.out.println("sockets " + (SOCKETS.size() + (late == null ? 0 : 1)));
  }

  private static void memory(int engines) throws IOException {
    ask("first");
    System.gc();
    long before = residentKilobytes();
    for (int i = 1; i < engines; i++) {
      ask("engine " + i);
    }
    System.gc();
    System.out.println("grown " + (residentKilobytes() - before) / 1024);
  }

  private static void ask(String scope) {
    try (CacheEngine engine = EmbeddedCache.builder().build()) {
      for (String question :
          new String[] {"How do I reset my password?", "How can I reset my password?"}) {
        var unused =
            engine.getOrCompute(
                CacheRequest.builder(Scope.of(scope)).user(question).build(),
                () -> Answer.ofText("Click reset."));
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
