/** The LangChain4j integration: cached chat models, streamed and not, and cached chains. */
@NullMarked
package dev.reprise.langchain4j;

import org.jspecify.annotations.NullMarked;
