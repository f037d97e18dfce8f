package dev.reprise.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MilvusServerIT {

  @ParameterizedTest
  @EnumSource(MilvusServer.Flavour.class)
  void isKilledAndStartedAgainOnTheSamePort(MilvusServer.Flavour flavour) throws IOException {
    try (MilvusServer server = MilvusServer.start(flavour)) {
      String uri = server.uri();
      connect(server);

      server.kill();
      assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);

      server.restart();
      assertThat(server.uri()).isEqualTo(uri);
      connect(server);
    }
  }

  @Test
  void twoRunSideBySide() throws IOException {
    try (MilvusServer one = MilvusServer.start(MilvusServer.Flavour.STANDALONE_2_3);
        MilvusServer other = MilvusServer.start(MilvusServer.Flavour.STANDALONE_2_3)) {
      assertThat(one.port()).isNotEqualTo(other.port());
      connect(one);
      connect(other);
    }
  }

  private static void connect(MilvusServer server) throws IOException {
    try (Socket socket = new Socket(server.host(), server.port())) {
      assertThat(socket.isConnected()).isTrue();
    }
  }
}
