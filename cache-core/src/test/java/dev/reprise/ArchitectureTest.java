package dev.reprise;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.reprise.model.CacheRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .importUrl(CacheRequest.class.getProtectionDomain().getCodeSource().getLocation());

  private static final String[] PURE = {
    "dev.reprise.model..", "dev.reprise.key..", "dev.reprise.policy..", "dev.reprise.match.."
  };

  /** What gives another value at each call: the methods of each class. */
  private static final Map<Class<?>, Set<String>> IMPURE =
      Map.of(
          System.class, Set.of("nanoTime", "currentTimeMillis"),
          Instant.class, Set.of("now"),
          Clock.class, Set.of("system", "systemUTC", "systemDefaultZone"),
          InstantSource.class, Set.of("system"),
          Math.class, Set.of("random"),
          Random.class, Set.of("<init>"),
          ThreadLocalRandom.class, Set.of("current"),
          UUID.class, Set.of("randomUUID"));

  /**
   * What measures a real wait that it bounds: a thread waits in real time, whatever a clock says.
   */
  private static final Set<String> REAL_WAITS =
      Set.of(
          "dev.reprise.engine.TierGuard.callWithDeadline", "dev.reprise.engine.WriteBehind.drain");

  @Test
  void theClassesAreThere() {
    assertThat(CORE.contain(CacheRequest.class)).isTrue();
    assertThat(CORE.contain(ArchitectureTest.class)).isFalse();
    assertThat(CORE.size()).isGreaterThan(100);
  }

  @Test
  void layersDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("model")
        .definedBy("dev.reprise.model..")
        .layer("key")
        .definedBy("dev.reprise.key..")
        .layer("embed")
        .definedBy("dev.reprise.embed..")
        .layer("tier")
        .definedBy("dev.reprise.tier..")
        .layer("curated")
        .definedBy("dev.reprise.curated..")
        .layer("policy")
        .definedBy("dev.reprise.policy..")
        .layer("match")
        .definedBy("dev.reprise.match..")
        .layer("learn")
        .definedBy("dev.reprise.learn..")
        .layer("engine")
        .definedBy("dev.reprise.engine..")
        .layer("integration")
        .definedBy("dev.reprise.integration..")
        .whereLayer("model")
        .mayNotAccessAnyLayer()
        .whereLayer("key")
        .mayOnlyAccessLayers("model")
        .whereLayer("embed")
        .mayOnlyAccessLayers("model")
        .whereLayer("match")
        .mayOnlyAccessLayers("model")
        .whereLayer("learn")
        .mayOnlyAccessLayers("model", "embed", "match")
        .whereLayer("policy")
        .mayOnlyAccessLayers("model", "key")
        .whereLayer("tier")
        .mayOnlyAccessLayers("model", "key", "embed")
        .whereLayer("curated")
        .mayOnlyAccessLayers("model", "tier")
        .whereLayer("engine")
        .mayOnlyAccessLayers("model", "key", "embed", "tier", "policy", "match", "learn", "curated")
        .whereLayer("integration")
        .mayOnlyAccessLayers("model", "policy", "tier", "engine")
        .check(CORE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.reprise.(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void coreKnowsNoServer() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("redis.clients..", "io.lettuce..", "io.milvus..", "io.grpc..")
        .check(CORE);
  }

  @Test
  void coreKnowsNoModelAndNoFramework() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.langchain4j..", "ai.djl..", "ai.onnxruntime..", "io.github.jbellis..")
        .check(CORE);
  }

  @Test
  void onlyMetersKnowMicrometer() {
    Set<String> users = new TreeSet<>();
    for (JavaClass user : CORE) {
      if (user.getDirectDependenciesFromSelf().stream()
          .anyMatch(to -> to.getTargetClass().getPackageName().startsWith("io.micrometer"))) {
        users.add(outermost(user).getName());
      }
    }
    assertThat(users)
        .isSubsetOf("dev.reprise.engine.CacheMetrics", "dev.reprise.engine.ShadowMeters");
  }

  @Test
  void decisionsDoNoInputAndOutput() {
    DescribedPredicate<JavaClass> inputAndOutput =
        resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "java.io..")
            .and(
                describe(
                    "an exception or a mark",
                    type ->
                        !type.isAssignableTo(Throwable.class)
                            && !type.isEquivalentTo(java.io.Serializable.class)));
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(inputAndOutput)
        .check(CORE);
  }

  @Test
  void logicReadsNoClockAndRollsNoDice() {
    noClasses()
        .that(describe("are no builders", type -> !type.getSimpleName().endsWith("Builder")))
        .should()
        .accessTargetWhere(
            describe(
                "gives another value at each call",
                access -> isImpure(access) && !REAL_WAITS.contains(origin(access))))
        .check(CORE);
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .accessTargetWhere(describe("gives another value at each call", ArchitectureTest::isImpure))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(InstantSource.class)
        .check(CORE);
  }

  private static String origin(JavaAccess<?> access) {
    return access.getOriginOwner().getName() + "." + access.getOrigin().getName();
  }

  @Test
  void whatMayMeasureARealWaitDoes() {
    Set<String> impure = new TreeSet<>();
    for (JavaClass type : CORE) {
      type.getAccessesFromSelf().stream()
          .filter(ArchitectureTest::isImpure)
          .map(ArchitectureTest::origin)
          .forEach(impure::add);
    }
    assertThat(impure).containsAll(REAL_WAITS);
  }

  private static boolean isImpure(JavaAccess<?> access) {
    return IMPURE.entrySet().stream()
        .anyMatch(
            impure ->
                access.getTargetOwner().isEquivalentTo(impure.getKey())
                    && impure.getValue().contains(access.getTarget().getName()));
  }

  @Test
  void theClockRuleSeesMethodReferences() {
    assertThat(ClockByReference.nanoseconds()).isNotNull();
    JavaClasses sample = new ClassFileImporter().importClasses(ClockByReference.class);
    assertThat(
            sample.get(ClockByReference.class).getAccessesFromSelf().stream()
                .anyMatch(ArchitectureTest::isImpure))
        .isTrue();
  }

  private static final class ClockByReference {
    static java.util.function.LongSupplier nanoseconds() {
      return System::nanoTime;
    }
  }

  @Test
  void onlyRecordsAndExceptionsHavePublicConstructors() {
    constructors()
        .that()
        .areDeclaredInClassesThat(
            describe(
                "are neither records nor exceptions",
                type -> !type.isRecord() && !type.isAssignableTo(Throwable.class)))
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should()
        .notBePublic()
        .check(CORE);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass type : CORE) {
      JavaPackage home = type.getPackage();
      packages.add(home.getName());
      assertThat(home.isAnnotatedWith(NullMarked.class)).as(home.getName()).isTrue();
    }
    assertThat(packages).contains("dev.reprise.model", "dev.reprise.engine");
  }

  @Test
  void logsGoThroughSlf4j() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CORE);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }
}
