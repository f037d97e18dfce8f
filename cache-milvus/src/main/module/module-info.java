/** The semantic tier on Milvus. */
module dev.reprise.milvus {
  requires transitive dev.reprise.core;
  requires com.google.gson;
  requires transitive milvus.sdk.java;
  requires org.slf4j;

  exports dev.reprise.milvus;
}
