/** The Spring AI integration: a caching chat model, and an advisor for one chat client. */
@NullMarked
package dev.reprise.springai;

import org.jspecify.annotations.NullMarked;
