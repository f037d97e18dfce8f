package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.gateway.protocol.StreamRequest;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.integration.internal.TextChunks;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * A prompt is text that goes on, not a question: GatewayPolicy has its answers served exactly, never by meaning.
 */
/**
 * What the legacy {@code POST /v1/completions} looks like.
 *
 * @param identities for answers that are given again
 */
public record CompletionsProtocol(Identities identities) implements Protocol {
  private static final String ID_PREFIX = "cmpl-";
  private static final String PROMPT = "prompt";
  private static final Set<String> LEFT_OUT =
      Set.of("stream", "stream_options", "model", PROMPT, Bodies.PROMPT_CACHE_KEY);

  @Override
  public CacheRequest map(ObjectNode body, CallContext context) {
    try {
      Bodies.checkStream(body);
      CacheRequest.Builder request =
          context.request(CompletionsCodec.FORMAT).model(Bodies.text(body, "model"));
      JsonNode prompt = body.path(PROMPT);
      if (prompt.isArray() && prompt.size() == 1 && prompt.get(0).isTextual()) {
        // A list of one text is that text.
        prompt = prompt.get(0);
      }
      if (prompt.isMissingNode() || prompt.isNull()) {
        throw new UnmappableException("the body has no prompt");
      }
      Part part =
          prompt.isTextual()
              ? new Part.Text(prompt.textValue())
              : new Part.Opaque(PROMPT, Json.values(Json.object().set(PROMPT, prompt), Set.of()));
      request.message(new Message(Role.USER, List.of(part), JsonObject.empty()));
      Bodies.parameters(body, LEFT_OUT, request);
      return request.build();
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  @Override
  public Optional<Answer> encode(JsonNode reply) {
    return CompletionsCodec.encode(reply);
  }

  @Override
  public Optional<Answer> ofText(CacheRequest request, String text) {
    return Optional.empty();
  }

  @Override
  public void check(Answer answer) {
    CompletionsCodec.read(answer);
  }

  @Override
  public ObjectNode decode(Answer answer, ObjectNode body) {
    return CompletionsCodec.decode(answer, identities.next(ID_PREFIX));
  }

  @Override
  public String replay(Answer answer, ObjectNode body) {
    ObjectNode completion = decode(answer, body);
    boolean isUsageWanted = StreamRequest.usage(body) == StreamRequest.Usage.WANTED;
    StringBuilder events = new StringBuilder();
    for (JsonNode choice : completion.path(CompletionsCodec.CHOICES)) {
      String text = choice.path(CompletionsCodec.TEXT).asText("");
      // Probabilities belong to tokens, which are not known here one by one.
      boolean isWhole = choice.path("logprobs").isObject();
      List<String> pieces = isWhole || text.isEmpty() ? List.of(text) : TextChunks.of(text);
      for (int i = 0; i < pieces.size(); i++) {
        ObjectNode piece = ((ObjectNode) choice).deepCopy();
        piece.put(CompletionsCodec.TEXT, pieces.get(i));
        if (i < pieces.size() - 1) {
          piece.putNull("finish_reason");
        }
        events.append(event(completion, isUsageWanted, List.of(piece), null));
      }
    }
    JsonNode usage = completion.get("usage");
    if (isUsageWanted && usage != null) {
      events.append(event(completion, true, List.of(), usage));
    }
    return events.append(StreamChunk.event(StreamChunk.DONE)).toString();
  }

  private static String event(
      ObjectNode completion,
      boolean isUsageWanted,
      List<ObjectNode> choices,
      @Nullable JsonNode usage) {
    ObjectNode chunk = Json.object();
    for (Map.Entry<String, JsonNode> member : completion.properties()) {
      switch (member.getKey()) {
        case "usage" -> {}
        case CompletionsCodec.CHOICES -> chunk.putArray(member.getKey()).addAll(choices);
        default -> chunk.set(member.getKey(), member.getValue());
      }
    }
    if (usage != null) {
      chunk.set("usage", usage);
    } else if (isUsageWanted) {
      chunk.putNull("usage");
    }
    return StreamChunk.event(Json.line(chunk));
  }

  @Override
  public ObjectNode upstreamBody(ObjectNode body) {
    return !StreamRequest.isStreamed(body)
            || StreamRequest.usage(body) == StreamRequest.Usage.WANTED
        ? body
        : StreamRequest.withUsage(body);
  }

  @Override
  public Collector collector() {
    return new ChunkCollector(ChunkCollector.Of.TEXT);
  }
}
