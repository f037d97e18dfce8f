/** The semantic tier on Milvus. */
@NullMarked
package dev.reprise.milvus;

import org.jspecify.annotations.NullMarked;
