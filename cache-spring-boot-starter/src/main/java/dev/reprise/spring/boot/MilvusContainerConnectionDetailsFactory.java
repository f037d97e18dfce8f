package dev.reprise.spring.boot;

import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.util.ClassUtils;
import org.testcontainers.containers.Container;

/**
 * Reads the address of a Milvus that Testcontainers has started, for {@code @ServiceConnection}.
 */
final class MilvusContainerConnectionDetailsFactory
    extends ContainerConnectionDetailsFactory<Container<?>, MilvusConnectionDetails> {
  private static final String IMAGE = "milvusdb/milvus";
  private static final String CONTAINER = "org.testcontainers.milvus.MilvusContainer";
  private static final int PORT = 19530;

  MilvusContainerConnectionDetailsFactory() {
    super(IMAGE);
  }

  /** Also by its class, since the image of a bean is not known before it is created. */
  @Override
  protected boolean sourceAccepts(
      ContainerConnectionSource<Container<?>> source,
      Class<?> requiredContainerType,
      Class<?> requiredConnectionDetailsType) {
    return super.sourceAccepts(source, requiredContainerType, requiredConnectionDetailsType)
        || (ClassUtils.isPresent(CONTAINER, null)
            && source.accepts(
                ANY_CONNECTION_NAME,
                ClassUtils.resolveClassName(CONTAINER, null),
                requiredConnectionDetailsType));
  }

  @Override
  protected MilvusConnectionDetails getContainerConnectionDetails(
      ContainerConnectionSource<Container<?>> source) {
    return new Details(source);
  }

  private static final class Details extends ContainerConnectionDetails<Container<?>>
      implements MilvusConnectionDetails {
    private Details(ContainerConnectionSource<Container<?>> source) {
      super(source);
    }

    @Override
    public String uri() {
      return "http://" + getContainer().getHost() + ":" + getContainer().getMappedPort(PORT);
    }
  }
}
