package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** {@code spring-boot:process-aot} writes down the beans of an application with the starter. */
class AheadOfTimeTest {
  @Test
  void anApplicationWithAFinalModelIsProcessed() {
    InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
    System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      TestPropertyValues.of("reprise.scope=shop", "reprise.tiers=memory").applyTo(context);
      context.register(SpringAiModelsTest.Models.class, RepriseAutoConfiguration.class);
      DefaultGenerationContext generation =
          new DefaultGenerationContext(
              new ClassNameGenerator(ClassName.get("com.example", "Shop")), files);
      ClassName initializer =
          new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
      generation.writeGeneratedContent();
      assertThat(initializer).isNotNull();
    } finally {
      System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
    }
    assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
        .anyMatch(file -> file.contains("RepriseAutoConfiguration"));
  }
}
