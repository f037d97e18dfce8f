package dev.reprise.gateway;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One connection to a gateway, on which bytes are written as a test has them. */
final class RawConnection implements AutoCloseable {
  private static final int PATIENCE = 30_000;

  private final Socket socket;
  private final InputStream in;

  /** What came back: the status, the lines of the head, the body. */
  record Answer(int status, List<String> head, String body) {
    /** Returns the values of a header. */
    List<String> values(String name) {
      String begin = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(begin))
          .map(line -> line.substring(begin.length()).strip())
          .toList();
    }

    String value(String name) {
      return String.join(",", values(name));
    }
  }

  RawConnection(Gateway to) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
    socket.setSoTimeout(PATIENCE);
    in = socket.getInputStream();
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Posts JSON, with header lines of the test's own. */
  Answer post(String path, String body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\n");
    boolean hasHost = false;
    for (String header : headers) {
      head.append(header).append("\r\n");
      hasHost |= header.startsWith("Host:");
    }
    write(
        head
            + (hasHost ? "" : "Host: 127.0.0.1\r\n")
            + "Content-Type: application/json\r\nContent-Length: "
            + body.getBytes(StandardCharsets.UTF_8).length
            + "\r\n\r\n"
            + body);
    return read();
  }

  Answer get(String path, String... headers) throws IOException {
    write("GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
    return read();
  }

  /** Reads one answer that has a length or chunks. */
  Answer read() throws IOException {
    List<String> head = new ArrayList<>();
    String status = line();
    for (String line = line(); !line.isEmpty(); line = line()) {
      head.add(line);
    }
    Answer answer = new Answer(Integer.parseInt(status.split(" ", -1)[1]), head, "");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (answer.value("Transfer-Encoding").equals("chunked")) {
      for (int length = length(); length > 0; length = length()) {
        body.write(exactly(length));
        line();
      }
      line();
    } else if (!answer.value("Content-Length").isEmpty()) {
      body.write(exactly(Integer.parseInt(answer.value("Content-Length"))));
    }
    return new Answer(answer.status(), head, body.toString(StandardCharsets.UTF_8));
  }

  private int length() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer was broken off");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
