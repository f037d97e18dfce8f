package dev.reprise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds ports that nobody listens on. */
final class FreePorts {
  private FreePorts() {}

  /** Returns {@code count} different ports that are free on all addresses at this moment. */
  static int[] find(int count) {
    int[] ports = new int[count];
    find(ports, 0);
    return ports;
  }

  // Every socket stays open until the last port is found, so that no port is given twice.
  private static void find(int[] ports, int next) {
    if (next == ports.length) {
      return;
    }
    try (ServerSocket socket = new ServerSocket(0, 1, (InetAddress) null)) {
      ports[next] = socket.getLocalPort();
      find(ports, next + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }
}
