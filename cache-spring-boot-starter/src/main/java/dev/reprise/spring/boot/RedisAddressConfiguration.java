package dev.reprise.spring.boot;

import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads Spring's connection details of Redis. Boot 4 moved and renamed them. */
@Configuration(proxyBeanMethods = false)
class RedisAddressConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = "org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails")
  static class Boot3 {
    @Bean
    RedisAddressSource repriseRedisAddress(ObjectProvider<RedisConnectionDetails> details) {
      return () -> Optional.ofNullable(details.getIfAvailable()).flatMap(Boot3::address);
    }

    private static Optional<RedisAddressSource.Address> address(RedisConnectionDetails details) {
      String login = RedisUrls.login(details.getUsername(), details.getPassword());
      RedisConnectionDetails.Standalone one = details.getStandalone();
      if (one != null) {
        SslBundle tls = one.getSslBundle();
        String node = RedisUrls.node(one.getHost(), one.getPort());
        return Optional.of(
            RedisAddressSource.Address.of(
                RedisUrls.standalone(tls != null, login, node, one.getDatabase()), tls));
      }
      RedisConnectionDetails.Sentinel sentinel = details.getSentinel();
      if (sentinel != null) {
        SslBundle tls = sentinel.getSslBundle();
        return Optional.of(
            RedisAddressSource.Address.of(
                RedisUrls.sentinel(
                    tls != null,
                    login,
                    nodes(sentinel.getNodes()),
                    sentinel.getMaster(),
                    sentinel.getDatabase(),
                    sentinel.getUsername(),
                    sentinel.getPassword()),
                tls));
      }
      RedisConnectionDetails.Cluster cluster = details.getCluster();
      if (cluster != null) {
        SslBundle tls = cluster.getSslBundle();
        return Optional.of(
            RedisAddressSource.Address.of(
                RedisUrls.cluster(tls != null, login, nodes(cluster.getNodes())), tls));
      }
      return Optional.empty();
    }

    private static List<String> nodes(List<RedisConnectionDetails.Node> nodes) {
      return nodes.stream().map(node -> RedisUrls.node(node.host(), node.port())).toList();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails")
  static class Boot4 {
    @Bean
    RedisAddressSource repriseDataRedisAddress(ObjectProvider<DataRedisConnectionDetails> details) {
      return () -> Optional.ofNullable(details.getIfAvailable()).flatMap(Boot4::address);
    }

    private static Optional<RedisAddressSource.Address> address(
        DataRedisConnectionDetails details) {
      String login = RedisUrls.login(details.getUsername(), details.getPassword());
      SslBundle tls = details.getSslBundle();
      DataRedisConnectionDetails.Standalone one = details.getStandalone();
      if (one != null) {
        String node = RedisUrls.node(one.getHost(), one.getPort());
        return Optional.of(
            RedisAddressSource.Address.of(
                RedisUrls.standalone(tls != null, login, node, one.getDatabase()), tls));
      }
      DataRedisConnectionDetails.Sentinel sentinel = details.getSentinel();
      if (sentinel != null) {
        return Optional.of(
            RedisAddressSource.Address.of(
                RedisUrls.sentinel(
                    tls != null,
                    login,
                    nodes(sentinel.getNodes()),
                    sentinel.getMaster(),
                    sentinel.getDatabase(),
                    sentinel.getUsername(),
                    sentinel.getPassword()),
                tls));
      }
      DataRedisConnectionDetails.Cluster cluster = details.getCluster();
      if (cluster != null) {
        return Optional.of(
            RedisAddressSource.Address.of(
                RedisUrls.cluster(tls != null, login, nodes(cluster.getNodes())), tls));
      }
      return Optional.empty();
    }

    private static List<String> nodes(List<DataRedisConnectionDetails.Node> nodes) {
      return nodes.stream().map(node -> RedisUrls.node(node.host(), node.port())).toList();
    }
  }
}
