/** Real servers for the integration tests: found, or started; and a proxy that makes them fail. */
@NullMarked
package dev.reprise.testservers;

import org.jspecify.annotations.NullMarked;
