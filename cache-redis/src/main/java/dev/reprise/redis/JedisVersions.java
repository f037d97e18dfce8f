package dev.reprise.redis;

import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;

/*
 * Spring Boot 3.5, 4.0 and 4.1 manage Jedis 6.0.0, 7.0.0 and 7.4.1; this module is built with 8. Whatever only one of them has is
 * called from here, by reflection.
 */
/** Calls what not every supported version of Jedis has. */
final class JedisVersions {
  private static final Logger LOG = LoggerFactory.getLogger(JedisVersions.class);

  private JedisVersions() {}

  /**
   * Lets new connections speak the server's default protocol, without a greeting. Versions before 8
   * do so by themselves, and have no such option.
   */
  static void useServerDefaultProtocol(DefaultJedisClientConfig.Builder client) {
    try {
      Method option = DefaultJedisClientConfig.Builder.class.getMethod("serverDefaultProtocol");
      option.invoke(client);
    } catch (NoSuchMethodException e) {
      LOG.debug("This Jedis has no option for the protocol, and greets no server");
    } catch (ReflectiveOperationException e) {
      LOG.warn("Jedis refused its option serverDefaultProtocol; each connection greets first", e);
    }
  }
}
