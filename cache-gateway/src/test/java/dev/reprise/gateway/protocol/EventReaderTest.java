package dev.reprise.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Server-sent events as the standard reads them. */
class EventReaderTest {
  @Test
  void anEventEndsWithABlankLineOfAnyKind() throws Exception {
    for (String end : List.of("\n", "\r\n", "\r")) {
      List<EventReader.Event> events =
          read("event: a" + end + "data: 1" + end + "data:2" + end + end + "data" + end + end);
      assertThat(events).hasSize(2);
      assertThat(events.get(0).name()).isEqualTo("a");
      assertThat(events.get(0).data()).isEqualTo("1\n2");
      assertThat(events.get(1).name()).isEmpty();
      assertThat(events.get(1).data()).isEmpty();
    }
  }

  @Test
  void otherDataKeepsTheOtherLines() throws Exception {
    EventReader.Event event = read("id: 7\nevent: x\ndata: 1\ndata: 2\n: c\n\n").get(0);

    assertThat(event.withData("3")).isEqualTo("id: 7\nevent: x\ndata: 3\n: c\n\n");
  }

  @Test
  void allThatIsReadIsHandedOnHoweverItIsCut() throws Exception {
    String[] pieces = {
      "data: a", "\n", "\r", "\r\n", "\n\n", ": c", "event: e", "\u6c34", "id:1", ""
    };
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      StringBuilder raw = new StringBuilder();
      List<String> whole = new ArrayList<>();
      for (EventReader.Event event : read(text.toString())) {
        raw.append(event.raw());
        whole.add(event.name() + "|" + event.data());
      }
      assertThat(raw.toString()).isEqualTo(text.toString());
      List<String> slowly = new ArrayList<>();
      EventReader reader = new EventReader(byteByByte(text.toString()));
      for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
        slowly.add(event.name() + "|" + event.data());
      }
      slowly.removeIf("|null"::equals);
      whole.removeIf("|null"::equals);
      assertThat(slowly).isEqualTo(whole);
    }
  }

  private static InputStream byteByByte(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(1, length));
      }

      @Override
      public synchronized int available() {
        return 0;
      }
    };
  }

  private static List<EventReader.Event> read(String text) throws IOException {
    EventReader reader =
        new EventReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    List<EventReader.Event> events = new ArrayList<>();
    for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
      events.add(event);
    }
    return events;
  }
}
