package dev.reprise.testservers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks whether a Docker daemon listens, before Testcontainers is asked: without one, that takes
 * seconds and prints stack traces.
 */
public final class DockerProbe {
  private DockerProbe() {}

  /** Returns where the daemon listens; empty if none does. */
  public static Optional<String> find() {
    String host = System.getenv("DOCKER_HOST");
    if (host != null && host.startsWith("tcp://")) {
      return reachable(host) ? Optional.of(host) : Optional.empty();
    }
    Path home = Path.of(System.getProperty("user.home"));
    Path[] sockets = {
      host != null && host.startsWith("unix://") ? Path.of(host.substring(7)) : null,
      Path.of("/var/run/docker.sock"),
      home.resolve(".docker/run/docker.sock"),
      home.resolve(".docker/desktop/docker.sock"),
      runtimeSocket()
    };
    for (Path socket : sockets) {
      if (socket != null && Files.exists(socket) && answers(socket)) {
        return Optional.of("unix://" + socket);
      }
    }
    return Optional.empty();
  }

  private static @org.jspecify.annotations.Nullable Path runtimeSocket() {
    String directory = System.getenv("XDG_RUNTIME_DIR");
    return directory == null ? null : Path.of(directory, "docker.sock");
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean reachable(String host) {
    String address = host.substring("tcp://".length());
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      socket.connect(new InetSocketAddress(address.substring(0, colon), port), 1_000);
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
