package dev.reprise.policy;

import static dev.reprise.policy.internal.JsonMembers.member;

import dev.reprise.model.CacheRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * Servers' names: vLLM's guided_* and structured_outputs, SGLang's regex and ebnf, llama.cpp's and TGI's grammar, Fireworks'
 * response_format. Whether a text satisfies an expression or a grammar is not checked: a caller's expression could run for hours.
 */
/**
 * A form other than JSON that the server makes the answer have. Such an answer says what the caller
 * asked for, however short it is.
 *
 * @param parameter which parameter asks for it, for people
 * @param choices the only answers; empty where the form is another one
 */
record ConstrainedText(String parameter, List<String> choices) {
  private static final List<String> EXPRESSIONS =
      List.of("guided_regex", "guided_grammar", "regex", "ebnf", "grammar");
  private static final List<String> OUTPUTS = List.of("regex", "grammar", "structural_tag");
  private static final String CHOICE = "choice";
  private static final String STRUCTURED = "structured_outputs";

  /** Returns what {@code request} asks for; empty where any text will do. */
  static Optional<ConstrainedText> of(CacheRequest request) {
    Map<String, @Nullable Object> parameters = request.parameters().values();
    Object structured = parameters.get(STRUCTURED);
    return choice("guided_choice", parameters.get("guided_choice"))
        .or(() -> choice(STRUCTURED, member(structured, CHOICE)))
        .or(() -> other(parameters, structured));
  }

  private static Optional<ConstrainedText> choice(String parameter, @Nullable Object choices) {
    return choices instanceof List<?> list && !list.isEmpty()
        ? Optional.of(
            new ConstrainedText(
                parameter, list.stream().map(String::valueOf).map(String::strip).toList()))
        : Optional.empty();
  }

  private static Optional<ConstrainedText> other(
      Map<String, @Nullable Object> parameters, @Nullable Object structured) {
    for (String name : EXPRESSIONS) {
      if (parameters.get(name) != null) {
        return Optional.of(new ConstrainedText(name, List.of()));
      }
    }
    Object type = member(parameters.get("response_format"), "type");
    if ("regex".equals(type) || "grammar".equals(type)) {
      return Optional.of(new ConstrainedText("response_format", List.of()));
    }
    return OUTPUTS.stream().anyMatch(name -> member(structured, name) != null)
        ? Optional.of(new ConstrainedText(STRUCTURED, List.of()))
        : Optional.empty();
  }

  /**
   * Returns why {@code text} is not of this form; empty where it is, or where that is not known.
   */
  Optional<String> fault(String text, boolean isOne) {
    return choices.isEmpty() || !isOne || choices.contains(text)
        ? Optional.empty()
        : Optional.of("the answer is none of the choices of '" + parameter + "'");
  }
}
