package dev.reprise.quarkus.deployment;

import dev.reprise.quarkus.runtime.CachedChatModelCreator;
import dev.reprise.quarkus.runtime.CachedStreamingChatModelCreator;
import dev.reprise.quarkus.runtime.ModelBeans;
import dev.reprise.quarkus.runtime.ModelNames;
import dev.reprise.quarkus.runtime.ModelNamesCreator;
import io.quarkiverse.langchain4j.ModelName;
import io.quarkiverse.langchain4j.deployment.LangChain4jDotNames;
import io.quarkiverse.langchain4j.deployment.items.SelectedChatModelProviderBuildItem;
import io.quarkus.arc.deployment.BeanDiscoveryFinishedBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.arc.deployment.UnremovableBeanBuildItem;
import io.quarkus.arc.deployment.ValidationPhaseBuildItem;
import io.quarkus.arc.deployment.ValidationPhaseBuildItem.ValidationErrorBuildItem;
import io.quarkus.arc.processor.BeanInfo;
import io.quarkus.arc.processor.InjectionPointInfo;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.Type;

/**
 * Puts a cached bean in the place of every bean of {@code ChatModel} and {@code
 * StreamingChatModel}.
 *
 * <p>ArC applies decorators to class beans only, and the providers' models are synthetic beans. So
 * an alternative with the same qualifiers and a higher priority goes before each of them, and finds
 * the bean that it replaces when it is created.
 */
@BuildSteps(onlyIf = IsEnabled.class)
class CachedModelsProcessor {
  private static final DotName MODEL_NAME = DotName.createSimple(ModelName.class);
  private static final Set<DotName> OF_EVERY_BEAN =
      Set.of(DotName.createSimple(Any.class), DotName.createSimple(Default.class));

  /** A kind of model that is cached. */
  private enum Kind {
    CHAT,
    STREAMING;

    DotName type() {
      return switch (this) {
        case CHAT -> LangChain4jDotNames.CHAT_MODEL;
        case STREAMING -> LangChain4jDotNames.STREAMING_CHAT_MODEL;
      };
    }
  }

  /** The qualifiers of a bean that is replaced, without those that every bean has. */
  private record Replaced(Kind kind, Set<AnnotationInstance> qualifiers) {
    String name() {
      return qualifiers.stream()
          .filter(qualifier -> qualifier.name().equals(MODEL_NAME))
          .map(qualifier -> qualifier.value().asString())
          .findFirst()
          .or(
              () ->
                  qualifiers.stream()
                      .map(qualifier -> qualifier.toString(false))
                      .sorted()
                      .findFirst())
          .orElse(ModelBeans.DEFAULT_NAME);
    }
  }

  @BuildStep
  void cachedBeans(
      List<SelectedChatModelProviderBuildItem> providers,
      BeanDiscoveryFinishedBuildItem discovered,
      BuildProducer<SyntheticBeanBuildItem> beans) {
    Set<Replaced> all = new LinkedHashSet<>();
    for (SelectedChatModelProviderBuildItem provider : providers) {
      for (Kind kind : Kind.values()) {
        all.add(new Replaced(kind, qualifiers(provider.getConfigName())));
      }
    }
    for (Kind kind : Kind.values()) {
      for (BeanInfo bean : discovered.beanStream().withBeanType(kind.type())) {
        all.add(new Replaced(kind, qualifiers(bean)));
      }
    }
    for (Replaced replaced : all) {
      beans.produce(bean(replaced));
    }
    beans.produce(
        SyntheticBeanBuildItem.configure(ModelNames.class)
            .scope(Singleton.class)
            .unremovable()
            .param(
                ModelNamesCreator.NAMES,
                all.stream().map(Replaced::name).distinct().toArray(String[]::new))
            .creator(ModelNamesCreator.class)
            .done());
  }

  private static Set<AnnotationInstance> qualifiers(String configName) {
    return configName.equals(ModelBeans.DEFAULT_NAME)
        ? Set.of()
        : Set.of(AnnotationInstance.builder(ModelName.class).add("value", configName).build());
  }

  private static Set<AnnotationInstance> qualifiers(BeanInfo bean) {
    Set<AnnotationInstance> own = new HashSet<>();
    for (AnnotationInstance qualifier : bean.getQualifiers()) {
      if (!OF_EVERY_BEAN.contains(qualifier.name())) {
        own.add(AnnotationInstance.create(qualifier.name(), null, qualifier.values()));
      }
    }
    return own;
  }

  private static SyntheticBeanBuildItem bean(Replaced replaced) {
    AnnotationInstance[] qualifiers = replaced.qualifiers().toArray(new AnnotationInstance[0]);
    SyntheticBeanBuildItem.ExtendedBeanConfigurator bean =
        SyntheticBeanBuildItem.configure(replaced.kind().type())
            .identifier("reprise")
            .scope(ApplicationScoped.class)
            .alternative(true)
            .priority(ModelBeans.PRIORITY)
            .param(ModelBeans.NAME, replaced.name());
    switch (replaced.kind()) {
      case CHAT -> bean.creator(CachedChatModelCreator.class);
      case STREAMING -> bean.creator(CachedStreamingChatModelCreator.class);
    }
    if (qualifiers.length > 0) {
      bean.qualifiers(qualifiers).param(ModelBeans.QUALIFIERS, qualifiers);
    }
    return bean.done();
  }

  /** Keeps the models: only the cached beans look them up. */
  @BuildStep
  UnremovableBeanBuildItem models() {
    return UnremovableBeanBuildItem.beanTypes(
        LangChain4jDotNames.CHAT_MODEL, LangChain4jDotNames.STREAMING_CHAT_MODEL);
  }

  /** Reports an injection point of a model that the provider does not have, as ArC would. */
  @BuildStep
  void missingModels(
      ValidationPhaseBuildItem validation, BuildProducer<ValidationErrorBuildItem> errors) {
    Set<Replaced> real = new HashSet<>();
    for (Kind kind : Kind.values()) {
      for (BeanInfo bean : validation.getContext().beans().withBeanType(kind.type())) {
        if (!isOurs(bean)) {
          real.add(new Replaced(kind, qualifiers(bean)));
        }
      }
    }
    for (InjectionPointInfo point : validation.getContext().getInjectionPoints()) {
      BeanInfo resolved = point.getResolvedBean();
      if (resolved == null || !isOurs(resolved)) {
        continue;
      }
      for (Kind kind : Kind.values()) {
        if (hasType(resolved, kind) && !real.contains(new Replaced(kind, qualifiers(resolved)))) {
          errors.produce(
              new ValidationErrorBuildItem(
                  new ConfigurationException(
                      "The provider of the model has no "
                          + kind.type()
                          + ", which is injected at "
                          + point.getTargetInfo())));
        }
      }
    }
  }

  private static boolean hasType(BeanInfo bean, Kind kind) {
    return bean.getTypes().stream().map(Type::name).anyMatch(kind.type()::equals);
  }

  private static boolean isOurs(BeanInfo bean) {
    Integer priority = bean.getPriority();
    return bean.isSynthetic()
        && bean.isAlternative()
        && priority != null
        && priority == ModelBeans.PRIORITY;
  }
}
