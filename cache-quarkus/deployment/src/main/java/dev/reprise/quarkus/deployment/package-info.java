/** Build steps: what the extension does when an application is built. */
@NullMarked
package dev.reprise.quarkus.deployment;

import org.jspecify.annotations.NullMarked;
