package dev.reprise.redis;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.RemovalListener;
import dev.reprise.tier.SharedFlights.Ending;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What processes tell each other of removals: the sender's 16 bytes, E for an entry or T for a tag,
 * and which. What this process sent itself is left out. How flights end goes the same way: F, a
 * letter for the end, and the key.
 */
final class Removals {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);
  private static final int SENDER_BYTES = 16;
  private static final byte ENTRY = 'E';
  private static final byte TAG = 'T';
  private static final byte FLIGHT = 'F';

  private final byte[] self = sender();
  private final List<RemovalListener> listeners = new CopyOnWriteArrayList<>();
  private volatile BiConsumer<ExactKey, Ending> endings = (key, ending) -> {};
  private volatile boolean isTogether;
  private boolean wasWarned;

  private static byte[] sender() {
    UUID id = UUID.randomUUID();
    return ByteBuffer.allocate(SENDER_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  byte[] message(ExactKey key) {
    return message(ENTRY, RedisKeys.ascii(key.hex()));
  }

  byte[] message(Tag tag) {
    return message(TAG, RedisKeys.bytes(tag));
  }

  byte[] message(ExactKey key, Ending ending) {
    return message(FLIGHT, RedisKeys.ascii(code(ending) + key.hex()));
  }

  private static String code(Ending ending) {
    return switch (ending) {
      case STORED -> "S";
      case NOT_STORED -> "N";
      case ABANDONED -> "A";
    };
  }

  /** Has {@code listener} told how flights of other processes end. */
  void onEnding(BiConsumer<ExactKey, Ending> listener) {
    endings = listener;
  }

  private byte[] message(byte kind, byte[] what) {
    return ByteBuffer.allocate(SENDER_BYTES + 1 + what.length)
        .put(self)
        .put(kind)
        .put(what)
        .array();
  }

  void add(RemovalListener listener) {
    listeners.add(listener);
    if (isTogether) {
      tell(listener, RemovalListener::together);
    }
  }

  /** Takes a message that was published. One that is none of ours may mean anything. */
  void received(byte[] message) {
    if (message.length <= SENDER_BYTES + 1) {
      tellAll(RemovalListener::together);
      return;
    }
    if (Arrays.equals(message, 0, SENDER_BYTES, self, 0, SENDER_BYTES)) {
      return;
    }
    byte[] what = Arrays.copyOfRange(message, SENDER_BYTES + 1, message.length);
    try {
      if (message[SENDER_BYTES] == FLIGHT) {
        String text = new String(what, StandardCharsets.ISO_8859_1);
        ExactKey key = ExactKey.ofHex(text.substring(1));
        for (Ending ending : Ending.values()) {
          if (text.startsWith(code(ending))) {
            endings.accept(key, ending);
          }
        }
      } else if (message[SENDER_BYTES] == ENTRY) {
        ExactKey key = ExactKey.ofHex(new String(what, StandardCharsets.ISO_8859_1));
        tellAll(listener -> listener.removed(key));
      } else {
        Tag tag = Tag.of(RedisKeys.text(what));
        tellAll(listener -> listener.invalidated(tag));
      }
    } catch (IllegalArgumentException e) {
      tellAll(RemovalListener::together);
    }
  }

  void apart() {
    if (isTogether || !wasWarned) {
      wasWarned = true;
      LOG.warn(
          "tier {}: removals by other instances have not been told for too long; copies in this"
              + " process are not served until the server can be reached again, and lets it"
              + " subscribe",
          RedisExactTier.NAME);
    }
    isTogether = false;
    tellAll(RemovalListener::apart);
  }

  void together() {
    isTogether = true;
    tellAll(RemovalListener::together);
  }

  private void tellAll(Consumer<RemovalListener> what) {
    listeners.forEach(listener -> tell(listener, what));
  }

  private static void tell(RemovalListener listener, Consumer<RemovalListener> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException e) {
      LOG.warn("tier {}: a listener of removals failed", RedisExactTier.NAME, e);
    }
  }
}
