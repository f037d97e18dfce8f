package dev.reprise.quarkus.runtime;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.RequestListener;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers the latest requests for the Dev UI. Only an application in dev mode has it. */
@Singleton
public class RecentDecisions implements RequestListener {
  private static final int MOST = 50;

  private final Deque<Decision> latest = new ArrayDeque<>();

  /**
   * A request and what became of it.
   *
   * @param outcome the outcome's name, for example {@code ExactHit}
   * @param model the model's name; empty where the request could not be mapped
   * @param question the text of the last message
   * @param detail the reason of a bypass, or the similarity of a hit by meaning
   */
  public record Decision(String outcome, String model, String question, String detail) {}

  @Override
  public void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    Decision decision =
        new Decision(
            outcome(end),
            request == null ? "" : request.model(),
            request == null ? "" : question(request),
            detail(end));
    synchronized (latest) {
      if (latest.size() == MOST) {
        latest.removeFirst();
      }
      latest.addLast(decision);
    }
  }

  /** Returns the latest requests, newest first. */
  List<Decision> newestFirst() {
    synchronized (latest) {
      List<Decision> all = new ArrayList<>(latest);
      Collections.reverse(all);
      return all;
    }
  }

  private static String outcome(CacheEvent.Terminal end) {
    return end instanceof CacheEvent.Finished finished
        ? finished.outcome().getClass().getSimpleName()
        : end.getClass().getSimpleName();
  }

  private static String detail(CacheEvent.Terminal end) {
    if (end instanceof CacheEvent.Finished finished) {
      if (finished.outcome() instanceof Outcome.Bypassed bypassed) {
        return bypassed.reason().toString();
      }
      if (finished.outcome() instanceof Outcome.SemanticHit hit) {
        return hit.similarity().toString();
      }
    }
    return "";
  }

  private static String question(CacheRequest request) {
    List<Message> messages = request.messages();
    StringBuilder text = new StringBuilder();
    for (Part part : messages.get(messages.size() - 1).parts()) {
      if (part instanceof Part.Text words) {
        text.append(words.text());
      }
    }
    return text.toString();
  }
}
