/** What the extension adds to an application. Not for applications. */
@NullMarked
package dev.reprise.quarkus.runtime;

import org.jspecify.annotations.NullMarked;
