package dev.reprise.springai;

import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.ai.chat.client.ChatClientAttributes;
import org.springframework.ai.chat.client.ChatClientRequest;

/**
 * What the context of a client's request says of its answer.
 *
 * @param parameters what the client's last step puts into the prompt
 * @param documents what retrieval put into the prompt
 */
record ClientContext(Map<String, Object> parameters, List<Document> documents) {
  private static final Map<String, String> SHAPING =
      Map.of(
          "OUTPUT_FORMAT", "client_output_format",
          "STRUCTURED_OUTPUT_SCHEMA", "client_output_schema",
          "STRUCTURED_OUTPUT_NATIVE", "client_output_native");

  /** Attributes that shape no answer. */
  private static final Set<String> OTHERS =
      Set.of("TOOL_CALL_ADVISOR_AUTO_REGISTER", "TOOL_CALLING_ADVISOR_AUTO_REGISTER");

  /** Where Spring AI's QuestionAnswerAdvisor and RetrievalAugmentationAdvisor keep documents. */
  private static final List<String> DOCUMENTS =
      List.of("qa_retrieved_documents", "rag_document_context");

  /**
   * @throws UnmappableException if it has an attribute that is not known here
   */
  static ClientContext of(ChatClientRequest request) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (ChatClientAttributes attribute : ChatClientAttributes.values()) {
      Object value = request.context().get(attribute.getKey());
      if (value == null || OTHERS.contains(attribute.name())) {
        continue;
      }
      String name = SHAPING.get(attribute.name());
      if (name == null) {
        throw new UnmappableException(
            "the client's attribute "
                + attribute.name()
                + " is set, and this version of the cache does not know it");
      }
      parameters.put(name, value instanceof Boolean ? value : value.toString());
    }
    return new ClientContext(parameters, documents(request));
  }

  private static List<Document> documents(ChatClientRequest request) {
    List<Document> documents = new ArrayList<>();
    for (String key : DOCUMENTS) {
      if (request.context().get(key) instanceof List<?> found) {
        for (Object each : found) {
          if (each instanceof org.springframework.ai.document.Document document) {
            String text = document.getText() == null ? "" : document.getText();
            documents.add(
                new Document(
                    document.getId(), ContentHash.of(text.getBytes(StandardCharsets.UTF_8)).hex()));
          }
        }
      }
    }
    return documents;
  }
}
