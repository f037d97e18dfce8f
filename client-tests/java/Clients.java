import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import tools.jackson.databind.json.JsonMapper;

/** Asks by Spring AI with its defaults, and prints what it shows, a line of JSON for each case. */
public class Clients {
  private static final String QUESTION = "What is the capital of France?";
  private static final JsonMapper JSON = new JsonMapper();

  record City(String name, int people) {}

  private Clients() {}

  public static void main(String[] arguments) throws Exception {
    String provider = arguments[0];
    String gateway = arguments[1];
    Map<String, Function<ChatClient, Object>> cases = new TreeMap<>();
    cases.put("call", client -> client.prompt().user(marked("call")).call().content());
    cases.put(
        "stream",
        client ->
            String.join(
                "", client.prompt().user(marked("stream")).stream().content().toIterable()));
    cases.put("entity", client -> client.prompt().user(marked("entity")).call().entity(City.class));
    for (Map.Entry<String, Function<ChatClient, Object>> one : cases.entrySet()) {
      Map<String, Object> result = new TreeMap<>();
      result.put("client", "Spring AI");
      result.put("version", String.valueOf(System.getProperty("spring-ai.version")));
      result.put("call", one.getKey());
      result.put("streamed", one.getKey().equals("stream") ? "yes" : "no");
      List<Object> shown = new ArrayList<>();
      List<Object> calls = new ArrayList<>();
      try {
        for (String base : List.of(provider, gateway, gateway)) {
          shown.add(one.getValue().apply(client(base)));
          calls.add(calls(provider, "spring-ai " + one.getKey()));
        }
      } catch (RuntimeException e) {
        e.printStackTrace();
        result.put("error", e.toString());
      }
      result.put("shown", shown);
      result.put("calls", calls);
      System.out.println("RESULT " + JSON.writeValueAsString(result));
    }
    System.exit(0);
  }

  private static ChatClient client(String base) {
    OpenAiChatOptions options =
        OpenAiChatOptions.builder().baseUrl(base + "/v1").apiKey("sk-client").build();
    return ChatClient.create(OpenAiChatModel.builder().options(options).build());
  }

  private static String marked(String call) {
    return "<spring-ai " + call + "> " + QUESTION;
  }

  private static int calls(String provider, String marker) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(provider + "/_calls")).build();
    String counts =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return JSON.readTree(counts).path(marker).asInt(0);
  }
}
