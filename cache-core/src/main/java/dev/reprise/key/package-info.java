/** From a request to its keys: canonical JSON, exact key, fingerprint and semantic text. Pure. */
@NullMarked
package dev.reprise.key;

import org.jspecify.annotations.NullMarked;
