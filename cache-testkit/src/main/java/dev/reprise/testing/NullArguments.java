package dev.reprise.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks that methods refuse null at once with a {@link NullPointerException} whose message is the
 * name of the parameter, or of the method as an option. Parameters that are marked {@link Nullable}
 * may be null. The classes must be compiled with {@code -parameters}.
 */
public final class NullArguments {
  private final List<Object> samples;
  private final List<String> faults = new ArrayList<>();
  private int checked;

  private NullArguments(Object... samples) {
    this.samples = List.of(samples);
  }

  /**
   * Checks each public method of {@code builder} that its class, or a superclass of the same
   * package, declares.
   *
   * @param samples what is passed for the other parameters of such a method, by type
   * @return how many parameters were checked
   * @throws AssertionError if a method accepts null, or refuses it in other words
   */
  public static int areRefusedBy(Object builder, Object... samples) {
    Objects.requireNonNull(builder, "builder");
    List<Method> methods = new ArrayList<>();
    Package own = builder.getClass().getPackage();
    for (Class<?> type = builder.getClass();
        type != null && own.equals(type.getPackage());
        type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
          // A public method of a superclass that is not public.
          method.setAccessible(true);
          methods.add(method);
        }
      }
    }
    return new NullArguments(samples).check(builder, methods.stream());
  }

  /**
   * Checks each public static method of {@code type} that is called {@code name}.
   *
   * @param samples what is passed for the other parameters of such a method, by type
   * @return how many parameters were checked
   * @throws AssertionError if a method accepts null, or refuses it in other words
   */
  public static int areRefusedBy(Class<?> type, String name, Object... samples) {
    return new NullArguments(samples)
        .check(
            null,
            Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getName().equals(name)));
  }

  private int check(@Nullable Object target, Stream<Method> methods) {
    methods
        .filter(method -> !method.isBridge() && !method.getName().equals("equals"))
        .sorted(Comparator.comparing(Method::toGenericString))
        .forEach(method -> check(target, method));
    assertThat(faults).isEmpty();
    assertThat(checked).as("parameters that may not be null").isPositive();
    return checked;
  }

  private void check(@Nullable Object target, Method method) {
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getType().isPrimitive() || isNullable(parameters[i])) {
        continue;
      }
      checked++;
      @Nullable Object[] arguments = new @Nullable Object[parameters.length];
      for (int j = 0; j < parameters.length; j++) {
        arguments[j] = j == i ? null : sample(parameters[j].getType(), method);
      }
      String fault = fault(target, method, parameters[i].getName(), arguments);
      if (fault != null) {
        faults.add(method.getName() + "(" + parameters[i].getName() + " = null) " + fault);
      }
    }
  }

  private static boolean isNullable(Parameter parameter) {
    AnnotatedElement type = parameter.getAnnotatedType();
    return type.isAnnotationPresent(Nullable.class);
  }

  private static @Nullable String fault(
      @Nullable Object target, Method method, String parameter, @Nullable Object[] arguments) {
    try {
      method.invoke(target, arguments);
      return "is accepted";
    } catch (InvocationTargetException e) {
      return e.getCause() instanceof NullPointerException refused
              && List.of(parameter, method.getName()).contains(String.valueOf(refused.getMessage()))
          ? null
          : "throws " + e.getCause();
    } catch (IllegalAccessException e) {
      return "cannot be called: " + e;
    }
  }

  private Object sample(Class<?> type, Method method) {
    return Stream.concat(samples.stream(), Stream.of("sample", 1, 1L, 0.5, true))
        .filter(sample -> boxed(type).isInstance(sample))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sample of " + type + " for " + method));
  }

  private static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }
}
