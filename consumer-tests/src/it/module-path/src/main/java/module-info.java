module com.example.consumer {
  requires dev.reprise.core;
  requires dev.reprise.embedded;
  requires dev.reprise.langchain4j;
  requires dev.reprise.milvus;
  requires dev.reprise.redis;
  requires langchain4j.core;
}
