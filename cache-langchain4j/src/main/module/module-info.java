/** Caching chat models and chains for LangChain4j. */
module dev.reprise.langchain4j {
  requires transitive dev.reprise.core;
  requires transitive langchain4j.core;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.github.benmanes.caffeine;
  requires io.github.resilience4j.circuitbreaker;
  requires org.slf4j;

  exports dev.reprise.langchain4j;
}
