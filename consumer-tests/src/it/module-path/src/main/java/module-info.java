module com.example.consumer {
  requires dev.reprise.core;
  requires dev.reprise.embedded;
  requires dev.reprise.langchain4j;
  requires langchain4j.core;
}
