/** An application that asks chat models in every way, and has no code for the cache. */
@NullMarked
package dev.reprise.quarkus.it;

import org.jspecify.annotations.NullMarked;
