/** The Quarkus extension: what an application may implement or inject. */
@NullMarked
package dev.reprise.quarkus;

import org.jspecify.annotations.NullMarked;
