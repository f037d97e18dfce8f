package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamRequest;

/** Streams of OpenAI's protocol, for the tests of other packages: made, and put together. */
public final class OpenAiStreams {
  private OpenAiStreams() {}

  /** Returns what puts a chat's stream together. */
  public static Protocol.Collector ofChat() {
    return new ChunkCollector(ChunkCollector.Of.CHAT);
  }

  /** Returns what puts a text's stream together. */
  public static Protocol.Collector ofText() {
    return new ChunkCollector(ChunkCollector.Of.TEXT);
  }

  /** Returns the completion that a chat's stream was. */
  public static ObjectNode chat(Protocol.Collector collector) {
    return ChatCodec.read(collector.answer().orElseThrow());
  }

  /** Returns the completion that a text's stream was. */
  public static ObjectNode text(Protocol.Collector collector) {
    return CompletionsCodec.read(collector.answer().orElseThrow());
  }

  /** Returns the events of a whole completion. */
  public static String events(ObjectNode whole, Identity identity, StreamRequest.Usage usage) {
    return ChunkReplay.events(whole, identity, usage);
  }

  /** Returns the events of a whole response. */
  public static String events(ObjectNode whole) {
    return ResponsesReplay.events(whole);
  }
}
