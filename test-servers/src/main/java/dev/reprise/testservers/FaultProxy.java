package dev.reprise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on the loopback interface that makes a healthy server look ill: slow, silent, cut off
 * or talking nonsense. What it does can be changed at any time and holds for open connections, too.
 */
public final class FaultProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final String targetHost;
  private final int targetPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Fault fault = new Healthy();

  private FaultProxy(ServerSocket listener, String targetHost, int targetPort) {
    this.listener = listener;
    this.targetHost = targetHost;
    this.targetPort = targetPort;
  }

  /** Starts a healthy proxy in front of that server. */
  public static FaultProxy start(String targetHost, int targetPort) {
    try {
      ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      FaultProxy proxy = new FaultProxy(listener, targetHost, targetPort);
      daemon("fault-proxy-accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new TestServerException("cannot listen on the loopback interface", e);
    }
  }

  /** Returns the port on which it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Passes everything on at once, as at the start. */
  public void heal() {
    fault = new Healthy();
  }

  /** Holds back every answer for so long. */
  public void delay(Duration delay) {
    fault = new Delayed(delay);
  }

  /** Accepts connections and requests, and never answers. */
  public void hang() {
    fault = new Silent();
  }

  /** Answers every request with these bytes and asks nobody. */
  public void answer(byte[] bytes) {
    fault = new Nonsense(bytes.clone());
  }

  /** Passes answers on byte by byte, with a pause before each. */
  public void trickle(Duration pause) {
    fault = new Trickling(pause);
  }

  /** Closes all connections, and every new one as soon as it is opened. */
  public void cut() {
    fault = new Cut();
    closeSockets();
  }

  /** Closes the connections that are open. New ones are treated as before. */
  public void dropConnections() {
    closeSockets();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    closeSockets();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (fault instanceof Cut) {
          client.setSoLinger(true, 0);
          client.close();
          continue;
        }
        sockets.add(client);
        Socket server = new Socket();
        sockets.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        daemon("fault-proxy-connection", () -> serve(client, server));
      } catch (IOException e) {
        // The listener is closed, or one client went away: the next accept tells which.
        continue;
      }
    }
  }

  private void serve(Socket client, Socket server) {
    try {
      server.connect(new InetSocketAddress(targetHost, targetPort), 2_000);
      daemon("fault-proxy-answers", () -> answers(server, client));
      byte[] buffer = new byte[64 * 1024];
      InputStream from = client.getInputStream();
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        if (fault instanceof Nonsense nonsense) {
          client.getOutputStream().write(nonsense.bytes());
        } else {
          server.getOutputStream().write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // Either side is gone: so is the other.
    } finally {
      forget(client);
      forget(server);
    }
  }

  private void answers(Socket server, Socket client) {
    try {
      byte[] buffer = new byte[64 * 1024];
      InputStream from = server.getInputStream();
      OutputStream to = client.getOutputStream();
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        pass(buffer, count, to);
      }
    } catch (IOException e) {
      // Either side is gone: so is the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      forget(client);
      forget(server);
    }
  }

  private void pass(byte[] buffer, int count, OutputStream to)
      throws IOException, InterruptedException {
    Fault now = fault;
    if (now instanceof Silent || now instanceof Nonsense) {
      return;
    }
    if (now instanceof Trickling trickling) {
      for (int i = 0; i < count; i++) {
        Thread.sleep(trickling.pause().toMillis());
        to.write(buffer, i, 1);
      }
      return;
    }
    if (now instanceof Delayed delayed) {
      Thread.sleep(delayed.delay().toMillis());
    }
    to.write(buffer, 0, count);
  }

  private void closeSockets() {
    for (Socket socket : sockets) {
      forget(socket);
    }
  }

  private void forget(Socket socket) {
    sockets.remove(socket);
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is gone either way.
      return;
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** What is wrong. */
  private sealed interface Fault {}

  private record Healthy() implements Fault {}

  private record Delayed(Duration delay) implements Fault {}

  private record Trickling(Duration pause) implements Fault {}

  private record Silent() implements Fault {}

  private record Nonsense(byte[] bytes) implements Fault {}

  private record Cut() implements Fault {}
}
