package dev.reprise.policy;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which mode a request has: its scope's, else its use case's, else that of all. */
final class Modes {
  private @Nullable Mode ofAll;
  private final Map<UseCase, Mode> ofUseCase = new LinkedHashMap<>();
  private final Map<Scope, Mode> ofScope = new LinkedHashMap<>();
  private Function<Scope, Optional<Mode>> chosen = scope -> Optional.empty();

  void set(Mode mode) {
    ofAll = mode;
  }

  void set(UseCase useCase, Mode mode) {
    ofUseCase.put(useCase, mode);
  }

  void set(Scope scope, Mode mode) {
    ofScope.put(scope, mode);
  }

  void set(Function<Scope, Optional<Mode>> choice) {
    chosen = choice;
  }

  Modes copy() {
    Modes copy = new Modes();
    copy.ofAll = ofAll;
    copy.ofUseCase.putAll(ofUseCase);
    copy.ofScope.putAll(ofScope);
    copy.chosen = chosen;
    return copy;
  }

  /** Returns the mode of {@code request}; empty where the policy leaves it to the engine. */
  Optional<Mode> of(CacheRequest request) {
    Mode mode = ofScope.get(request.scope());
    if (mode == null) {
      mode = chosen.apply(request.scope()).orElse(null);
    }
    if (mode == null) {
      mode = ofUseCase.get(request.useCase());
    }
    return Optional.ofNullable(mode == null ? ofAll : mode);
  }
}
