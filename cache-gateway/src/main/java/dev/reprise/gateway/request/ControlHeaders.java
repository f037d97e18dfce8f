package dev.reprise.gateway.request;

import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.ApiException;
import dev.reprise.model.CacheControl;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/**
 * What a client asks of the cache, in the headers of its request.
 *
 * @param useCase what the request is for; {@link UseCase#QUESTION} where it does not say
 * @param control what the cache shall do
 * @param documents the versions of the documents that the prompt was made from
 * @param scope a scope within the key's own, empty for none
 */
public record ControlHeaders(
    UseCase useCase, CacheControl control, List<Document> documents, String scope) {
  static final String USE_CASE = "X-Reprise-Use-Case";
  static final String TTL = "X-Reprise-TTL";
  static final String TAGS = "X-Reprise-Tags";
  static final String DOCUMENTS = "X-Reprise-Documents";
  static final String SCOPE = "X-Reprise-Scope";

  /** How many tags a request may name: {@value}. */
  static final int MOST_TAGS = 64;

  /** How many documents a request may name: {@value}. */
  static final int MOST_DOCUMENTS = 64;

  static final String MAXIMUM_WRONG_RATE = "X-Reprise-Max-Wrong-Rate";
  static final String UNSET_TEMPERATURE = "X-Reprise-When-Temperature-Is-Unset";

  /** How the names of the gateway's own headers begin, in lower case. */
  private static final String OWN = "x-reprise-";

  private static final List<String> KNOWN =
      List.of(USE_CASE, TTL, TAGS, DOCUMENTS, SCOPE, MAXIMUM_WRONG_RATE, UNSET_TEMPERATURE);

  /** The similarity from which another name may be what was meant. */
  private static final double ALIKE = 0.85;

  private static final Pattern RATE = Pattern.compile("[0-9]{0,3}\\.?[0-9]{1,12}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  /**
   * Checks that the gateway knows every one of its own headers: a misspelt {@code X-Reprise-Scope}
   * would otherwise be ignored, and users would share answers.
   *
   * @throws ApiException if it does not know one; the message has the most similar name
   */
  public static void checkNames(HttpFields request) {
    for (HttpField field : request) {
      String name = field.getLowerCaseName();
      if (name.startsWith(OWN) && KNOWN.stream().noneMatch(name::equalsIgnoreCase)) {
        throw unknown(field.getName());
      }
    }
  }

  private static ApiException unknown(String name) {
    JaroWinklerSimilarity likeness = new JaroWinklerSimilarity();
    ToDoubleFunction<String> similarity =
        known ->
            likeness.apply(
                known.toLowerCase(Locale.ROOT).substring(OWN.length()),
                name.toLowerCase(Locale.ROOT).substring(OWN.length()));
    String nearest =
        KNOWN.stream()
            .filter(known -> similarity.applyAsDouble(known) >= ALIKE)
            .max(Comparator.comparingDouble(similarity))
            .map(known -> "; is " + known + " meant?")
            .orElse("");
    return ApiError.ofClient(
            400,
            "invalid_header",
            "the gateway knows no request header "
                + name
                + (nearest.isEmpty() ? "." : nearest)
                + " It knows "
                + String.join(", ", KNOWN))
        .exception();
  }

  /**
   * Returns what the headers say.
   *
   * @param headers gives all values of a header; none for an empty list
   * @throws ApiException if one cannot be understood; the message says what it must look like
   */
  public static ControlHeaders parse(Function<String, List<String>> headers) {
    CacheControl control = directives(headers.apply("Cache-Control"));
    String ttl = single(headers, TTL);
    if (!ttl.isEmpty()) {
      if (!SECONDS.matcher(ttl).matches() || Long.parseLong(ttl) == 0) {
        throw refused(TTL, ttl, "a number of seconds from 1 to 999999999");
      }
      control = control.withTimeToLive(Duration.ofSeconds(Long.parseLong(ttl)));
    }
    List<String> tags = list(headers.apply(TAGS));
    if (tags.size() > MOST_TAGS) {
      throw tooMany(TAGS, tags.size(), MOST_TAGS);
    }
    for (String tag : tags) {
      if (tag.length() > Tag.MAXIMUM_LENGTH) {
        throw refused(TAGS, tag, "tags of at most " + Tag.MAXIMUM_LENGTH + " characters");
      }
      Tag named = Tag.of(tag);
      if (named.isScope() || named.isContributor()) {
        throw refused(
            TAGS,
            tag,
            "tags that do not begin with scope: or contributor:, which are the gateway's own");
      }
      control = control.with(named);
    }
    String rate = single(headers, MAXIMUM_WRONG_RATE);
    if (!rate.isEmpty()) {
      if (!RATE.matcher(rate).matches() || Double.parseDouble(rate) > 1) {
        throw refused(MAXIMUM_WRONG_RATE, rate, "a share of all lookups from 0 to 1, as 0.005");
      }
      control = control.withMaximumWrongRate(Double.parseDouble(rate));
    }
    String unset = single(headers, UNSET_TEMPERATURE);
    if (!unset.isEmpty()) {
      control =
          control.withUnsetTemperature(
              unsetTemperature(unset)
                  .orElseThrow(() -> refused(UNSET_TEMPERATURE, unset, "zero, as-is or bypass")));
    }
    List<Document> documents = new ArrayList<>();
    List<String> versions = list(headers.apply(DOCUMENTS));
    if (versions.size() > MOST_DOCUMENTS) {
      throw tooMany(DOCUMENTS, versions.size(), MOST_DOCUMENTS);
    }
    for (String document : versions) {
      int equals = document.lastIndexOf('=');
      String identifier = document.substring(0, Math.max(0, equals)).strip();
      String version = document.substring(equals + 1).strip();
      if (identifier.isEmpty() || version.isEmpty()) {
        throw refused(DOCUMENTS, document, "IDENTIFIER=VERSION, with commas between several");
      }
      documents.add(new Document(identifier, version));
    }
    String useCase = single(headers, USE_CASE);
    String scope = single(headers, SCOPE);
    if (scope.length() > Scopes.LONGEST_NAME) {
      throw refused(SCOPE, scope, "at most " + Scopes.LONGEST_NAME + " characters");
    }
    return new ControlHeaders(
        useCase.isEmpty() ? UseCase.QUESTION : new UseCase(useCase), control, documents, scope);
  }

  /*
   * Directives that are not known are ignored (RFC 9111, section 5.2), and an age that is no number counts as none at all: too
   * fresh an answer is never wrong.
   */
  private static CacheControl directives(List<String> values) {
    CacheControl control = CacheControl.DEFAULT;
    for (String directive : list(values)) {
      String[] parts = directive.toLowerCase(Locale.ROOT).split("=", 2);
      switch (parts[0].strip()) {
        case "no-cache" -> control = control.with(CacheControl.Directive.NO_CACHE);
        case "no-store" -> control = control.with(CacheControl.Directive.NO_STORE);
        case "only-if-cached" -> control = control.with(CacheControl.Directive.ONLY_IF_CACHED);
        case "max-age" -> {
          String seconds = parts.length == 2 ? parts[1].strip().replace("\"", "") : "";
          control =
              control.withMaximumAge(
                  SECONDS.matcher(seconds).matches()
                      ? Duration.ofSeconds(Long.parseLong(seconds))
                      : Duration.ZERO);
        }
        default -> {}
      }
    }
    return control;
  }

  private static String single(Function<String, List<String>> headers, String name) {
    List<String> values = headers.apply(name);
    if (values.size() > 1) {
      throw refused(name, values.size() + " values", "one value");
    }
    return values.isEmpty() ? "" : values.get(0).strip();
  }

  private static List<String> list(List<String> values) {
    List<String> all = new ArrayList<>();
    for (String value : values) {
      for (String one : value.split(",", -1)) {
        if (!one.isBlank()) {
          all.add(one.strip());
        }
      }
    }
    return all;
  }

  private static ApiException tooMany(String header, int count, int most) {
    return ApiError.ofClient(
            400,
            "invalid_header",
            "header " + header + " names " + count + ", but at most " + most + " are allowed")
        .exception();
  }

  /**
   * Returns what {@code text} says of a temperature that is not set; empty where that is nothing.
   */
  private static Optional<UnsetTemperature> unsetTemperature(String text) {
    return switch (text) {
      case "zero" -> Optional.of(UnsetTemperature.ZERO);
      case "as-is" -> Optional.of(UnsetTemperature.AS_IS);
      case "bypass" -> Optional.of(UnsetTemperature.BYPASS);
      default -> Optional.empty();
    };
  }

  private static ApiException refused(String header, String value, String allowed) {
    return ApiError.ofClient(
            400,
            "invalid_header",
            "header " + header + " is \"" + value + "\", but must be " + allowed)
        .exception();
  }
}
