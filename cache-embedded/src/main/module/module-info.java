/** The cache with its models and its index in the process. */
module dev.reprise.embedded {
  requires transitive dev.reprise.core;
  requires dev.reprise.verifier.model;
  requires ai.djl.tokenizers;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.github.benmanes.caffeine;
  requires com.microsoft.onnxruntime;
  requires java.sql;
  requires langchain4j.core;
  requires langchain4j.embeddings;
  requires langchain4j.embeddings.all.minilm.l6.v2.q;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;

  exports dev.reprise.embedded;
  exports dev.reprise.verify;
}
