package dev.reprise.quarkus.runtime;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.InjectableBean;
import io.quarkus.arc.SyntheticCreationalContext;
import jakarta.enterprise.inject.UnsatisfiedResolutionException;
import jakarta.enterprise.inject.spi.Bean;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both creators of cached beans share: the parameters, and how the model is found. */
public final class ModelBeans {
  /** What the configuration without a name is called. */
  public static final String DEFAULT_NAME = "<default>";

  /** The priority of the beans that the extension adds: above an application's alternatives. */
  public static final int PRIORITY = 1_000_000_000;

  /** The parameter with the configuration's name. */
  public static final String NAME = "name";

  /** The parameter with the qualifiers of the model's bean. */
  public static final String QUALIFIERS = "qualifiers";

  private ModelBeans() {}

  static String name(SyntheticCreationalContext<?> context) {
    return String.valueOf(context.getParams().get(NAME));
  }

  /** Returns the bean that an injection point would get without the extension. */
  static <T> T delegate(Class<T> type, SyntheticCreationalContext<T> context) {
    ArcContainer container = Arc.requireContainer();
    Annotation[] qualifiers = qualifiers(context.getParams().get(QUALIFIERS));
    Set<Bean<? extends Object>> others =
        new HashSet<>(container.beanManager().getBeans(type, qualifiers));
    others.removeIf(bean -> isOurs((InjectableBean<?>) bean));
    Bean<?> resolved = container.beanManager().resolve(others);
    if (resolved == null) {
      throw new UnsatisfiedResolutionException(
          "There is no "
              + type.getName()
              + " bean with the qualifiers "
              + Arrays.toString(qualifiers));
    }
    return type.cast(container.instance((InjectableBean<?>) resolved).get());
  }

  private static Annotation[] qualifiers(@Nullable Object parameter) {
    return parameter instanceof Annotation[] annotations ? annotations : new Annotation[0];
  }

  private static boolean isOurs(InjectableBean<?> bean) {
    return bean.isAlternative() && bean.getPriority() == PRIORITY;
  }
}
