package dev.reprise.integration.internal;

import dev.reprise.engine.AnswerReader;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of one request, each once: what the engine found readable is not parsed again.
 * Used by one thread at a time.
 *
 * @param <R> the framework's reply
 */
public final class OnceReader<R> implements AnswerReader {
  private record Read<R>(Answer answer, Function<Outcome.Answered, R> reply) {}

  private final Function<String, Function<Outcome.Answered, R>> decode;
  private volatile @Nullable Read<R> last;

  private OnceReader(Function<String, Function<Outcome.Answered, R>> decode) {
    this.decode = decode;
  }

  /**
   * Returns a reader.
   *
   * @param decode reads a payload, and throws where it cannot; it returns what makes the reply for
   *     an outcome
   */
  public static <R> OnceReader<R> of(Function<String, Function<Outcome.Answered, R>> decode) {
    return new OnceReader<>(decode);
  }

  @Override
  public void read(Answer answer) {
    last = new Read<>(answer, decode.apply(answer.payload()));
  }

  /** Returns the reply of an outcome whose answer was read, or is readable. */
  public R reply(Outcome.Answered outcome) {
    Answer answer = outcome.answer();
    Read<R> known = last;
    Function<Outcome.Answered, R> reply =
        known != null && known.answer().equals(answer)
            ? known.reply()
            : decode.apply(answer.payload());
    return reply.apply(outcome);
  }
}
