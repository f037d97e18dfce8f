package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A model call in the terms of the cache: everything that determines the answer, and the caller's
 * cache options.
 *
 * @param scope who may share the answer
 * @param provider the model's provider ("openai", "ollama"); empty if unknown
 * @param model the model's name; empty if unknown
 * @param messages the conversation, the system prompt included, in order; at least one
 * @param tools the tools that the model may call, in order
 * @param parameters every other field of the call under its OpenAI wire name where it has one:
 *     "temperature", "top_p", "max_tokens", "stop", "seed", "tool_choice", "response_format", and
 *     the provider's own. A field that is not set is absent
 * @param documents the versions of the documents that the prompt was made from
 * @param useCase what the request is for
 * @param answerFormat the format of stored answers, with a version; two integrations never read
 *     each other's answers
 * @param control the caller's options for the cache; not part of the key
 */
public record CacheRequest(
    Scope scope,
    String provider,
    String model,
    List<Message> messages,
    List<Tool> tools,
    JsonObject parameters,
    List<Document> documents,
    UseCase useCase,
    String answerFormat,
    CacheControl control) {

  /** The name of the sampling temperature among the parameters: {@value}. */
  public static final String TEMPERATURE = "temperature";

  public CacheRequest {
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(messages, "messages");
    Objects.requireNonNull(tools, "tools");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(documents, "documents");
    Objects.requireNonNull(useCase, "useCase");
    Objects.requireNonNull(answerFormat, "answerFormat");
    Objects.requireNonNull(control, "control");
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    documents = List.copyOf(documents);
    Checks.notBlank("answer format", answerFormat);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a request has at least one message");
    }
  }

  /** Returns a builder of requests in {@code scope}. */
  public static Builder builder(Scope scope) {
    Objects.requireNonNull(scope, "scope");
    return new Builder(scope);
  }

  /** Returns the sampling temperature; empty unless it is a number. */
  public OptionalDouble temperature() {
    return parameters.get(TEMPERATURE).orElse(null) instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** Returns a copy with other options for the cache. */
  public CacheRequest withControl(CacheControl control) {
    return copy(messages, parameters, control);
  }

  /** Returns a copy in which the parameter {@code name} has {@code value}. */
  public CacheRequest withParameter(String name, @Nullable Object value) {
    Objects.requireNonNull(name, "name");
    return copy(messages, parameters.with(name, value), control);
  }

  /** Returns a copy with other messages; at least one. */
  public CacheRequest withMessages(List<Message> messages) {
    return copy(messages, parameters, control);
  }

  private CacheRequest copy(
      List<Message> newMessages, JsonObject newParameters, CacheControl newControl) {
    return new CacheRequest(
        scope,
        provider,
        model,
        newMessages,
        tools,
        newParameters,
        documents,
        useCase,
        answerFormat,
        newControl);
  }

  /** Collects the parts of a {@link CacheRequest}. Not safe for use by several threads. */
  public static final class Builder {
    private final Scope scope;
    private String provider = "";
    private String model = "";
    private final List<Message> messages = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    private final List<Document> documents = new ArrayList<>();
    private UseCase useCase = UseCase.QUESTION;
    private String answerFormat = Answer.TEXT_FORMAT;
    private CacheControl control = CacheControl.DEFAULT;

    private Builder(Scope scope) {
      this.scope = scope;
    }

    /** Sets the model's provider. Default: empty, unknown. */
    public Builder provider(String provider) {
      Objects.requireNonNull(provider, "provider");
      this.provider = provider;
      return this;
    }

    /** Sets the model's name. Default: empty, unknown. */
    public Builder model(String model) {
      Objects.requireNonNull(model, "model");
      this.model = model;
      return this;
    }

    /** Adds a message. */
    public Builder message(Message message) {
      Objects.requireNonNull(message, "message");
      messages.add(message);
      return this;
    }

    /** Adds messages. */
    public Builder messages(List<Message> more) {
      Objects.requireNonNull(more, "more");
      messages.addAll(more);
      return this;
    }

    /** Adds a system message. */
    public Builder system(String text) {
      Objects.requireNonNull(text, "text");
      return message(Message.system(text));
    }

    /** Adds a user message. */
    public Builder user(String text) {
      Objects.requireNonNull(text, "text");
      return message(Message.user(text));
    }

    /** Adds a tool. */
    public Builder tool(Tool tool) {
      Objects.requireNonNull(tool, "tool");
      tools.add(tool);
      return this;
    }

    /** Sets the sampling temperature. Default: absent. */
    public Builder temperature(double temperature) {
      return parameter(TEMPERATURE, temperature);
    }

    /**
     * Sets a field of the call, under its OpenAI wire name where it has one. Default: absent.
     *
     * @throws IllegalArgumentException if the value is none of a {@link JsonObject}
     */
    public Builder parameter(String name, @Nullable Object value) {
      Objects.requireNonNull(name, "name");
      parameters.putAll(JsonObject.of(name, value).values());
      return this;
    }

    /** Adds the version of a document that the prompt was made from. */
    public Builder document(Document document) {
      Objects.requireNonNull(document, "document");
      documents.add(document);
      return this;
    }

    /** Sets what the request is for. Default: {@link UseCase#QUESTION}. */
    public Builder useCase(UseCase useCase) {
      Objects.requireNonNull(useCase, "useCase");
      this.useCase = useCase;
      return this;
    }

    /** Sets the format of the stored answer. Default: {@link Answer#TEXT_FORMAT}. */
    public Builder answerFormat(String answerFormat) {
      Objects.requireNonNull(answerFormat, "answerFormat");
      this.answerFormat = answerFormat;
      return this;
    }

    /** Sets the caller's options for the cache. Default: {@link CacheControl#DEFAULT}. */
    public Builder control(CacheControl control) {
      Objects.requireNonNull(control, "control");
      this.control = control;
      return this;
    }

    /**
     * Returns the request.
     *
     * @throws IllegalArgumentException if there is no message
     */
    public CacheRequest build() {
      return new CacheRequest(
          scope,
          provider,
          model,
          messages,
          tools,
          new JsonObject(parameters),
          documents,
          useCase,
          answerFormat,
          control);
    }
  }
}
