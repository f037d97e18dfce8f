/** The exact tier on Redis. */
module dev.reprise.redis {
  requires transitive dev.reprise.core;
  requires transitive redis.clients.jedis;
  requires org.apache.commons.pool2;
  requires org.slf4j;

  exports dev.reprise.redis;
}
