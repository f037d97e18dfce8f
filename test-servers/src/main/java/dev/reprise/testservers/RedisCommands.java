package dev.reprise.testservers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends one command to a Redis server in the process's own machine (RESP2), to set it up. */
final class RedisCommands {
  private RedisCommands() {}

  /** Returns the answer as text: of an array, its members, one a line. */
  static String send(int port, String... command) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(5_000);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(ascii("*" + command.length + "\r\n"));
      for (String argument : command) {
        byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
        request.writeBytes(ascii("$" + bytes.length + "\r\n"));
        request.writeBytes(bytes);
        request.writeBytes(ascii("\r\n"));
      }
      socket.getOutputStream().write(request.toByteArray());
      return read(new BufferedInputStream(socket.getInputStream()));
    }
  }

  private static String read(InputStream from) throws IOException {
    String line = line(from);
    if (line.isEmpty()) {
      throw new IOException("an empty line is no answer");
    }
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':' -> {
        return rest;
      }
      case '-' -> throw new IOException(rest);
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return "";
        }
        byte[] bytes = from.readNBytes(length);
        line(from);
        return new String(bytes, StandardCharsets.UTF_8);
      }
      case '*' -> {
        StringBuilder members = new StringBuilder();
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          members.append(read(from)).append('\n');
        }
        return members.toString();
      }
      default -> throw new IOException("not an answer of a Redis server: " + line);
    }
  }

  private static String line(InputStream from) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = from.read(); c != '\r'; c = from.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      line.append((char) c);
    }
    if (from.read() != '\n') {
      throw new IOException("a line ends with CR and LF");
    }
    return line.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
