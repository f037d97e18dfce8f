package dev.reprise.testing;

import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A subscriber that records its chunks and how often it ended. */
public final class RecordingSubscriber implements StreamSubscriber<String> {
  private static final long PATIENCE_SECONDS = 30;

  private final List<String> chunks = new CopyOnWriteArrayList<>();
  private final List<Object> ends = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final BiConsumer<String, Subscription> onChunk;

  public RecordingSubscriber() {
    this((chunk, subscription) -> {});
  }

  /** Does {@code onChunk} with each chunk, besides. */
  public RecordingSubscriber(BiConsumer<String, Subscription> onChunk) {
    this.onChunk = onChunk;
  }

  @Override
  public void onWhole(Outcome.Answered outcome) {
    chunks.add(outcome.answer().text());
    end(outcome);
  }

  @Override
  public void onChunk(String chunk, Subscription subscription) {
    chunks.add(chunk);
    onChunk.accept(chunk, subscription);
  }

  @Override
  public void onComplete(Outcome.Answered outcome) {
    end(outcome);
  }

  @Override
  public void onUnsatisfied(Outcome.Unsatisfied outcome) {
    end(outcome);
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  private void end(Object end) {
    ends.add(end);
    ended.countDown();
  }

  /** Waits for the end: an outcome or a throwable. Fails if there was more than one. */
  public Object awaitEnd() throws InterruptedException {
    if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the stream did not end; chunks so far: " + chunks);
    }
    if (ends.size() != 1) {
      throw new AssertionError("the stream ended more than once: " + ends);
    }
    return ends.get(0);
  }

  /** Returns how often it ended. */
  public int ends() {
    return ends.size();
  }

  /** Returns the chunks so far; a whole answer is one chunk. */
  public List<String> chunks() {
    return List.copyOf(chunks);
  }

  /** Returns the chunks so far, joined. */
  public String text() {
    return String.join("", chunks);
  }
}
