package dev.reprise.spring.boot;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Starts and stops contexts, each with the application's classes in a loader of its own, as
 * DevTools has it. Prints how many of the loaders are left, and by how many megabytes the process
 * grew.
 */
final class ContextRestartProgram {
  /** What is loaded and compiled once is no leak. */
  private static final int FIRST = 5;

  private static final String CONFIGURATION =
      "dev.reprise.spring.boot.RepriseAutoConfigurationTest$OpenModel";

  private static final List<WeakReference<ClassLoader>> LOADERS = new ArrayList<>();

  private ContextRestartProgram() {}

  /** Loads the classes of the application again. */
  private static final class RestartLoader extends ClassLoader {
    private RestartLoader() {
      super("restart", ContextRestartProgram.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(ScriptedModels.class.getName()) && !name.equals(CONFIGURATION)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /**
   * Restarts.
   *
   * @param arguments how often
   */
  public static void main(String[] arguments) throws Exception {
    restart(FIRST);
    long before = residentKilobytes();
    restart(Integer.parseInt(arguments[0]));
    System.out.println("grown " + (residentKilobytes() - before) / 1024);
    System.out.println("left " + LOADERS.stream().filter(each -> each.get() != null).count());
    System.exit(0);
  }

  private static void restart(int times) throws ClassNotFoundException {
    for (int i = 0; i < times; i++) {
      startAskAndStop();
    }
  }

  private static void startAskAndStop() throws ClassNotFoundException {
    RestartLoader loader = new RestartLoader();
    LOADERS.add(new WeakReference<>(loader));
    new ApplicationContextRunner()
        .withClassLoader(loader)
        .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
        .withUserConfiguration(loader.loadClass(CONFIGURATION))
        .withPropertyValues("reprise.scope=shop")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              CacheEngine engine = context.getBean(CacheEngine.class);
              model.chat("How do I reset my password?");
              engine.drain(Duration.ofSeconds(30));
              model.chat("How can I reset my password?");
              if (engine.stats().semanticHits() != 1) {
                throw new IllegalStateException("no hit by meaning");
              }
            });
  }

  private static long residentKilobytes() throws IOException {
    // What is held softly goes with the second collection after its last use.
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
