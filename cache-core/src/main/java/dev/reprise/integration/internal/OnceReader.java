package dev.reprise.integration.internal;

import dev.reprise.engine.AnswerReader;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;
import java.util.function.BiFunction;
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
  private final BiFunction<CacheRequest, String, Optional<Answer>> write;
  private volatile @Nullable Read<R> last;

  private OnceReader(
      Function<String, Function<Outcome.Answered, R>> decode,
      BiFunction<CacheRequest, String, Optional<Answer>> write) {
    this.decode = decode;
    this.write = write;
  }

  /**
   * Returns a reader.
   *
   * @param decode reads a payload, and throws where it cannot; it returns what makes the reply for
   *     an outcome
   */
  public static <R> OnceReader<R> of(Function<String, Function<Outcome.Answered, R>> decode) {
    return new OnceReader<>(decode, (request, text) -> Optional.empty());
  }

  /** Returns the same reader, which writes curated answers, too: see {@link AnswerReader#write}. */
  public OnceReader<R> writing(BiFunction<CacheRequest, String, Answer> write) {
    return new OnceReader<>(decode, (request, text) -> Optional.of(write.apply(request, text)));
  }

  @Override
  public Optional<Answer> write(CacheRequest request, String text) {
    return write.apply(request, text);
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
