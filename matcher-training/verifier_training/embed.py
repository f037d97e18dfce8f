"""Embeds questions: with the int8 models of LangChain4j's artefacts, the cache's own among them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

# Whether a model's vector is the mean of its tokens or the first one.
MODELS = {"all-minilm-l6-v2": "mean", "bge-small-en-v1.5": "first"}


class Embedder(ABC):
    """One embedding model. Vectors have length 1; each text is embedded once and kept."""

    BATCH = 16

    def __init__(self, name: str, tokenizer: Path, cache: Path | None = None) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.enable_truncation(126)
        self.tokenizer.no_padding()
        self.known: dict[str, NDArray[np.float16]] = {}
        self.cache = cache / f"{name}.npz" if cache else None
        if self.cache and self.cache.exists():
            stored = np.load(self.cache)
            texts = stored["texts"].tobytes().decode().split("\n")
            self.known = dict(zip(texts, stored["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, [texts, dimensions]."""
        missing = [text for text in dict.fromkeys(texts) if text not in self.known]
        encoded = self.tokenizer.encode_batch(missing)
        order = sorted(range(len(missing)), key=lambda i: len(encoded[i].ids))
        start = 0
        while start < len(order):
            length = len(encoded[order[start]].ids)
            part = [i for i in order[start : start + self.BATCH] if len(encoded[i].ids) == length]
            start += len(part)
            ids = np.array([encoded[i].ids for i in part], np.int64)
            vectors = self._run(ids)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            for i, vector in zip(part, vectors, strict=True):
                self.known[missing[i]] = vector.astype(np.float16)
        if missing and self.cache and len(missing) > 100:
            self.save()
        return np.stack([self.known[text] for text in texts]).astype(np.float32)

    def save(self) -> None:
        """Keeps what was embedded for the next run."""
        if self.cache:
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            texts = np.frombuffer("\n".join(self.known).encode(), np.uint8)
            partial = self.cache.with_suffix(".tmp.npz")
            np.savez(partial, texts=texts, vectors=np.stack(list(self.known.values())))
            partial.replace(self.cache)

    def cosines(self, first: Sequence[str], second: Sequence[str]) -> Vectors:
        """The cosine of each text of ``first`` with the one at the same place in ``second``."""
        return np.einsum("ij,ij->i", self.embed(first), self.embed(second)).astype(np.float32)

    @abstractmethod
    def _run(self, ids: NDArray[np.int64]) -> Vectors:
        """The vectors of texts of one length in tokens, ids [texts, length], of any length."""


class OnnxEmbedder(Embedder):
    """An int8 model that ONNX Runtime runs, as the cache does."""

    def __init__(self, folder: Path, name: str, cache: Path | None = None) -> None:
        super().__init__(name, folder / f"{name}-q-tokenizer.json", cache)
        self.pooling = MODELS[name]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(folder / f"{name}-q.onnx"), options)
        self.inputs = {value.name for value in self.session.get_inputs()}

    def _run(self, ids: NDArray[np.int64]) -> Vectors:
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in self.inputs:
            inputs["token_type_ids"] = np.zeros_like(ids)
        states = self.session.run(None, inputs)[0]
        return states[:, 0] if self.pooling == "first" else states.mean(axis=1)
