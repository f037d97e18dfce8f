package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.protocol.BoundedCollector;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.anthropic.MessagesProtocol;
import dev.reprise.gateway.protocol.gemini.GeminiProtocol;
import dev.reprise.gateway.protocol.ollama.OllamaCodec;
import dev.reprise.gateway.protocol.ollama.OllamaProtocol;
import dev.reprise.gateway.protocol.openai.ChatProtocol;
import dev.reprise.gateway.protocol.openai.CompletionsProtocol;
import dev.reprise.gateway.protocol.openai.ResponsesProtocol;
import java.io.EOFException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damaged bodies and streams, from a fixed seed. The gateway answers each with the upstream's
 * answer or a clear refusal, never with a defect of its own; the counts are in the log.
 */
class GatewayFuzzTest {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayFuzzTest.class);
  private static final long SEED = 20_261_130;
  private static final int BODIES = Integer.getInteger("reprise.fuzz.bodies", 40);
  private static final int STREAMS = Integer.getInteger("reprise.fuzz.streams", 6_000);

  private static final List<String> PIECES =
      List.of(
          "1e99999999999",
          "-0",
          "null",
          "true",
          "{}",
          "[]",
          "[[[[",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"stream\":true,",
          "\"n\":9e9,",
          "\"temperature\":\"0\",",
          "\"messages\":{}",
          "\"input\":",
          "\"content\":[{\"type\":\"text\"}]",
          "\"role\":7",
          "\"tool_calls\":\"a\"",
          ",",
          ":",
          "\"",
          "\\",
          "\u2028",
          "\uFEFF",
          "\uD83D\uDE00",
          "data:text/plain,x",
          "\"model\":[]");

  private static final Map<String, String> BODIES_OF =
      new TreeMap<>(
          Map.of(
              "/v1/chat/completions",
              """
              {"model":"m","temperature":0,"messages":[{"role":"system","content":"Be brief."},
               {"role":"user","content":[{"type":"text","text":"Why?"}]}],"n":1,
               "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}""",
              "/v1/completions",
              """
              {"model":"m","temperature":0,"prompt":["Why?","How?"],"max_tokens":9,"echo":false}""",
              "/v1/responses",
              """
              {"model":"m","temperature":0,"instructions":"Be brief.","max_output_tokens":9,
               "input":[{"role":"user","content":[{"type":"input_text","text":"Why?"}]}]}""",
              "/v1/messages",
              """
              {"model":"m","max_tokens":9,"temperature":0,"system":[{"type":"text","text":"Be brief.",
               "cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":
               [{"type":"text","text":"Why?"}]}],"tool_choice":{"type":"auto"}}""",
              "/v1beta/models/m:generateContent",
              """
              {"contents":[{"role":"user","parts":[{"text":"Why?"}]}],"systemInstruction":
               {"parts":[{"text":"Be brief."}]},"generationConfig":{"temperature":0}}""",
              "/api/chat",
              """
              {"model":"m","stream":false,"messages":[{"role":"user","content":"Why?"}],
               "options":{"temperature":0,"num_ctx":9},"format":{"type":"object"}}""",
              "/v1/embeddings",
              """
              {"model":"m","input":["one","two",[1,2,3]],"dimensions":2}"""));

  private static String damaged(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(damaged.length() + 1);
      int end = Math.min(damaged.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> damaged.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> damaged.delete(at, end);
        case 2 -> damaged.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        default -> damaged.insert(at, damaged.substring(at, end));
      }
    }
    return damaged.toString();
  }

  @Test
  void noBodyIsADefectOfTheGateway() throws Exception {
    Random random = new Random(SEED);
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        Gateway gateway = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start()) {
      for (Map.Entry<String, String> one : BODIES_OF.entrySet()) {
        for (int i = 0; i < BODIES; i++) {
          String body = damaged(one.getValue(), random);
          try (RawConnection connection = new RawConnection(gateway)) {
            RawConnection.Answer answer = connection.post(one.getKey(), body);
            assertThat(answer.body()).as(body).doesNotContain("gateway_defect");
            statuses.merge(answer.status(), 1, Integer::sum);
          } catch (EOFException e) {
            // The scripted upstream could not make anything of it, and broke off.
            statuses.merge(0, 1, Integer::sum);
          }
        }
      }
    }
    LOG.info("{} damaged bodies: {}", BODIES * BODIES_OF.size(), statuses);
    assertThat(statuses).containsKeys(200, 400).doesNotContainKey(500);
  }

  @Test
  void noStreamIsADefectOfTheGateway() {
    Random random = new Random(SEED);
    List<String> events =
        List.of(
            """
            {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}""",
            """
            {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{"}}]}}]}""",
            """
            {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""",
            """
            {"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}""",
            """
            {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}""",
            """
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}""",
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"a"}]},"finishReason":"STOP"}]}""",
            """
            {"model":"m","message":{"role":"assistant","content":"a"},"done":true,"done_reason":"stop"}""",
            "[DONE]");
    Identities ids = new Identities(() -> Instant.EPOCH, new Random(1));
    List<Protocol> protocols =
        List.of(
            new ChatProtocol(ids),
            new CompletionsProtocol(ids),
            new ResponsesProtocol(ids),
            new MessagesProtocol(ids),
            new GeminiProtocol(ids, GeminiProtocol.Delivery.STREAMED),
            new OllamaProtocol(ids, OllamaCodec.Call.CHAT));
    for (int i = 0; i < STREAMS; i++) {
      BoundedCollector collector =
          new BoundedCollector(protocols.get(i % protocols.size())::collector, characters -> true);
      StringBuilder stream = new StringBuilder();
      assertThatCode(
              () -> {
                for (int j = 0; j < 4 && !collector.isEnded(); j++) {
                  String event = damaged(events.get(random.nextInt(events.size())), random);
                  stream.append(event).append('\n');
                  collector.take(EventReader.Event.of("", event));
                }
                collector.answer();
              })
          .as(stream.toString())
          .doesNotThrowAnyException();
    }
    LOG.info("{} damaged streams", STREAMS);
  }
}
