package dev.reprise.quarkus.runtime;

import io.quarkus.arc.BeanCreator;
import io.quarkus.arc.SyntheticCreationalContext;
import java.util.Set;

/** Makes the bean of {@link ModelNames}. */
public final class ModelNamesCreator implements BeanCreator<ModelNames> {
  /** The parameter with the names. */
  public static final String NAMES = "names";

  @Override
  public ModelNames create(SyntheticCreationalContext<ModelNames> context) {
    return context.getParams().get(NAMES) instanceof String[] names
        ? new ModelNames(Set.of(names))
        : new ModelNames(Set.of());
  }
}
