/**
 * Spring Boot auto-configuration. Caches every chat model bean of an application; {@code reprise.*}
 * properties configure the cache.
 */
@NullMarked
package dev.reprise.spring.boot;

import org.jspecify.annotations.NullMarked;
