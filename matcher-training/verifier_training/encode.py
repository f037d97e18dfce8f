"""Turns pairs of questions into the verifier's inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

CLS, SEP, PAD = 101, 102, 0
LONGEST = 64  # of a pair, in tokens, while training

Ids = NDArray[np.int64]


class PairTokens:
    """Splits pairs of texts into tokens, remembers each text's, and cuts a pair that is too long."""

    SIGNS: int
    """How many tokens stand around and between the two texts."""

    def __init__(self, tokenizer: Path, longest: int = LONGEST) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.longest = longest
        self.known: dict[str, list[int]] = {}

    def tokens(self, text: str) -> list[int]:
        """The text's tokens, without the signs around them."""
        if text not in self.known:
            self.known[text] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self.known[text]

    def length(self, asked: str, cached: str) -> int:
        """How many tokens the pair has, once cut to the longest."""
        return min(len(self.tokens(asked)) + len(self.tokens(cached)) + self.SIGNS, self.longest)

    def cut(self, asked: str, cached: str) -> tuple[list[int], list[int]]:
        """The tokens of both texts, taken from the longer one's end while the pair is too long."""
        one, two = list(self.tokens(asked)), list(self.tokens(cached))
        while len(one) + len(two) + self.SIGNS > self.longest:
            (one if len(one) >= len(two) else two).pop()
        return one, two


class Encoder(PairTokens):
    """Encodes pairs as BERT does, [CLS] asked [SEP] cached [SEP]."""

    SIGNS = 3

    def batch(self, asked: Sequence[str], cached: Sequence[str]) -> dict[str, Ids]:
        """The three inputs of a batch, padded to its longest pair."""
        rows, types = [], []
        for first, second in zip(asked, cached, strict=True):
            one, two = self.cut(first, second)
            rows.append([CLS, *one, SEP, *two, SEP])
            types.append([0] * (len(one) + 2) + [1] * (len(two) + 1))
        width = max(map(len, rows))
        ids = np.array([row + [PAD] * (width - len(row)) for row in rows], np.int64)
        mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in rows], np.int64)
        kinds = np.array([row + [0] * (width - len(row)) for row in types], np.int64)
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
