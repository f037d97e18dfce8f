package dev.reprise.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheMetrics;
import dev.reprise.engine.Pricing;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.EmbeddingJudge;
import dev.reprise.learn.Learning;
import dev.reprise.learn.LearningStore;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Contributor;
import dev.reprise.model.Document;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.Part;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.Tool;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Admission;
import dev.reprise.policy.AnswerRule;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import dev.reprise.policy.QuestionRule;
import dev.reprise.policy.UseCaseRule;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticRow;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Null is refused at once, by the parameter's name: by every constructor and factory of a value, by
 * every setter of a builder, and by every method of the engine.
 */
class NullArgumentsTest {
  private static final List<Class<?>> VALUES =
      List.of(
          Answer.class,
          CacheControl.class,
          CacheControl.TimeToLive.Exactly.class,
          CacheControl.WhenTemperatureIsUnset.Exactly.class,
          ContentHash.class,
          Contributor.class,
          Document.class,
          JsonObject.class,
          Message.class,
          ModelPattern.class,
          Part.Text.class,
          Part.Opaque.class,
          Reason.class,
          Scope.class,
          Tag.class,
          Tool.class,
          UseCase.class,
          ExactKey.class,
          Fingerprint.class,
          Question.Semantic.class,
          Question.ExactOnly.class,
          Entry.class,
          SemanticRow.class,
          Admission.Store.class,
          Admission.Skip.class,
          AnswerRule.class,
          Plan.Bypass.class,
          Plan.ExactOnly.class,
          Plan.ExactThenSemantic.class,
          Plan.Terms.class,
          QuestionRule.class,
          UseCaseRule.class,
          UseCaseRule.Cached.class,
          UseCaseRule.Never.class,
          AnswerJudge.Exchange.class,
          EmbeddingJudge.class,
          Learning.class,
          LearningStore.class,
          Matcher.class,
          WrongAnswerBound.class,
          CacheMetrics.class,
          ExactTier.class,
          CacheRequest.class);

  private final Map<Class<?>, Object> samples = samples();

  private static Map<Class<?>, Object> samples() {
    ContentHash hash = ContentHash.of(new byte[] {1});
    Scope scope = Scope.of("scope");
    Question question = new Question.ExactOnly("why");
    Answer answer = Answer.ofText("answer");
    CacheRequest request = CacheRequest.builder(scope).model("m").user("Why?").build();
    Map<Class<?>, Object> samples = new HashMap<>();
    for (Object sample :
        List.of(
            hash,
            scope,
            answer,
            request,
            "text",
            Duration.ofSeconds(1),
            Instant.EPOCH,
            UseCase.FAQ,
            Tag.of("tag"),
            new Document("id", "1"),
            JsonObject.empty(),
            Message.user("Why?"),
            CacheControl.DEFAULT,
            Contributor.of("contributor"),
            new ExactKey(hash),
            new Fingerprint(hash),
            new Reason(Reason.Code.RULE, "why"),
            Learning.fromFeedbackOnly(),
            WrongAnswerBound.defaults(),
            Vector.normalized(new float[] {1, 1}),
            Path.of("a"),
            Optional.empty(),
            OptionalDouble.empty(),
            new Plan.Terms(
                Plan.Reading.LOOK_UP,
                Plan.Writing.STORE,
                Plan.OnMiss.CALL_UPSTREAM,
                Duration.ofDays(1)),
            Pattern.compile("a"),
            CaffeineExactTier.builder().build())) {
      samples.put(sample.getClass(), sample);
    }
    samples.put(Question.class, question);
    samples.put(
        Entry.class,
        new Entry(
            new ExactKey(hash),
            question,
            answer,
            Duration.ofSeconds(1),
            "m",
            Instant.EPOCH,
            Instant.EPOCH.plusSeconds(1),
            Set.of()));
    samples.put(Path.class, Path.of("a"));
    samples.put(Object.class, "value");
    samples.put(Embedder.class, new HashEmbedder());
    samples.put(Matcher.class, Matcher.threshold(1));
    samples.put(LearningStore.class, LearningStore.none());
    samples.put(Pricing.class, Pricing.unknown());
    return samples;
  }

  /** Who may be given null in spite of all: it is only looked for, or it is Java's own. */
  private static boolean isExempt(Method method) {
    return method.isSynthetic()
        || method.getDeclaringClass() == Object.class
        || method.getName().equals("equals");
  }

  @Test
  void valuesRefuseIt() {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (Class<?> type : VALUES) {
      for (Constructor<?> constructor : type.getConstructors()) {
        tried += tryOut(constructor, constructor::newInstance, wrong);
      }
      for (Method method : type.getMethods()) {
        if (Modifier.isStatic(method.getModifiers()) && !isExempt(method)) {
          tried += tryOut(method, arguments -> method.invoke(null, arguments), wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(100);
  }

  @Test
  void buildersAndCopiesRefuseIt() {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (Object object :
        List.of(
            CacheEngine.builder(),
            CachePolicy.builder(),
            CaffeineExactTier.builder(),
            CacheRequest.builder(Scope.of("scope")),
            CacheControl.DEFAULT,
            Learning.fromFeedbackOnly(),
            samples.get(CacheRequest.class))) {
      tried += methods(object, wrong);
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(40);
  }

  @Test
  void theEngineRefusesIt() {
    try (CacheEngine engine = CacheEngine.builder().build()) {
      List<String> wrong = new ArrayList<>();
      assertThat(methods(engine, wrong)).isGreaterThan(20);
      assertThat(wrong).isEmpty();
    }
  }

  private int methods(Object object, List<String> wrong) {
    int tried = 0;
    for (Method method : object.getClass().getMethods()) {
      if (!Modifier.isStatic(method.getModifiers()) && !isExempt(method)) {
        method.setAccessible(true);
        tried += tryOut(method, arguments -> method.invoke(object, arguments), wrong);
      }
    }
    return tried;
  }

  /** Calls something by reflection. */
  private interface Call {
    Object with(Object[] arguments) throws ReflectiveOperationException;
  }

  /** Gives null for each parameter in turn. Returns how many there were. */
  private int tryOut(Executable called, Call call, List<String> wrong) {
    int tried = 0;
    Parameter[] parameters = called.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getType().isPrimitive()
          || parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        continue;
      }
      Object[] arguments = Arrays.stream(parameters).map(each -> sample(each.getType())).toArray();
      arguments[i] = null;
      tried++;
      String what = called.toGenericString() + ", parameter " + parameters[i].getName();
      try {
        call.with(arguments);
        wrong.add(what + ": accepted");
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof NullPointerException refused)
            || !parameters[i].getName().equals(refused.getMessage())) {
          wrong.add(what + ": " + e.getCause());
        }
      } catch (ReflectiveOperationException e) {
        wrong.add(what + ": " + e);
      }
    }
    return tried;
  }

  private Object sample(Class<?> type) {
    if (samples.containsKey(type)) {
      return samples.get(type);
    } else if (type == boolean.class) {
      return false;
    } else if (type == double.class) {
      return 0.5;
    } else if (type == long.class) {
      return 1L;
    } else if (type == int.class) {
      return 1;
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type.isArray()) {
      return Array.newInstance(type.getComponentType(), 1);
    } else if (type == List.class) {
      return List.of();
    } else if (type == Set.class) {
      return Set.of();
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == UnaryOperator.class) {
      return UnaryOperator.identity();
    } else if (type.isSealed()) {
      return sample(
          Arrays.stream(type.getPermittedSubclasses())
              .filter(samples::containsKey)
              .findFirst()
              .orElseGet(() -> type.getPermittedSubclasses()[0]));
    } else if (type.isRecord()) {
      try {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(
            Arrays.stream(constructor.getParameterTypes()).map(this::sample).toArray());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("no sample of " + type, e);
      }
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    }
    throw new AssertionError("no sample of " + type);
  }
}
