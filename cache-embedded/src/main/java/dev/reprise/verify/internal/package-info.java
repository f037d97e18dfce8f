/** Code that the embedder and the verifier share to run ONNX models. Not public. */
@NullMarked
package dev.reprise.verify.internal;

import org.jspecify.annotations.NullMarked;
