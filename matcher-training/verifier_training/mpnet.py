"""The teacher: a larger pair encoder (MPNet, Song et al., NeurIPS 2020), from all-mpnet-base-v2's weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from .embed import Embedder, Vectors
from .encode import PairTokens

HIDDEN = 768
HEADS = 12
LAYERS = 12
FROZEN = 4
INTERMEDIATE = 3072
VOCABULARY = 30527
POSITIONS = 514
EPSILON = 1e-5
BUCKETS = 32  # of relative positions, half of them for tokens to the left
FAR = 128  # from this distance on all positions share the last bucket
START, PAD, END = 0, 1, 2


class Layer(nn.Module):
    """One transformer layer; where a token stands is told by ``bias``, added to the attention scores."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.output = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.up = nn.Linear(HIDDEN, INTERMEDIATE)
        self.down = nn.Linear(INTERMEDIATE, HIDDEN)
        self.output_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Maps states [batch, length, 768] to the same shape."""
        batch, length, _ = states.shape
        shape = (batch, length, HEADS, HIDDEN // HEADS)
        query = self.query(states).reshape(shape).transpose(1, 2)
        key = self.key(states).reshape(shape).transpose(1, 2)
        value = self.value(states).reshape(shape).transpose(1, 2)
        scores = query @ key.transpose(2, 3) / math.sqrt(HIDDEN // HEADS) + bias
        mixed = (torch.softmax(scores, dim=-1) @ value).transpose(1, 2).reshape(batch, length, HIDDEN)
        states = self.attention_norm(states + self.output(mixed))
        return self.output_norm(states + self.down(F.gelu(self.up(states))))


class Teacher(nn.Module):
    """Log-odds that two questions have the same answer: the cosine's, moved by what the tokens say.

    Like the verifier it starts from ``bias + scale * (cosine - 0.8)``, with the cosine of the cache's
    own embedding.
    """

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN, padding_idx=PAD)
        self.positions = nn.Embedding(POSITIONS, HIDDEN, padding_idx=PAD)
        self.embedding_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.relative = nn.Embedding(BUCKETS, HEADS)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(3 * HIDDEN, 256)
        self.evidence = nn.Linear(256, 1)
        self.cosine_scale = nn.Parameter(torch.tensor(10.0))
        self.cosine_bias = nn.Parameter(torch.tensor(0.0))
        nn.init.zeros_(self.evidence.weight)
        nn.init.zeros_(self.evidence.bias)

    def states(self, ids: Tensor) -> Tensor:
        """The tokens' last states, [batch, length, 768], of ids [batch, length]."""
        present = (ids != PAD).to(torch.int64)
        places = torch.cumsum(present, 1) * present + PAD
        states = self.embedding_norm(self.words(ids) + self.positions(places))
        bias = self.relative(buckets(ids.shape[1])).permute(2, 0, 1).unsqueeze(0)
        bias = bias + (1 - present.to(bias.dtype)).unsqueeze(1).unsqueeze(2) * -10000.0
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def forward(self, ids: Tensor, second: Tensor, cosine: Tensor) -> Tensor:
        """The logit of each pair, [batch]; ``second`` is 1 at the tokens of the second question."""
        states = self.states(ids)
        late = second.to(states.dtype)
        early = ((ids > END) & (second == 0)).to(states.dtype)
        asked = (states * early.unsqueeze(2)).sum(1) / early.sum(1, keepdim=True).clamp(min=1.0)
        cached = (states * late.unsqueeze(2)).sum(1) / late.sum(1, keepdim=True).clamp(min=1.0)
        features = torch.cat([states[:, 0], (asked - cached).abs(), asked * cached], dim=1)
        evidence = self.evidence(self.dropout(F.gelu(self.hidden(features)))).squeeze(1)
        return self.cosine_bias + self.cosine_scale * (cosine - 0.8) + evidence

    def load_base(self, path: Path) -> None:
        """Takes the encoder's weights from a safetensors file of all-mpnet-base-v2."""
        weights = load_file(path)
        with torch.no_grad():
            for name, module in self._base_modules().items():
                module.weight.copy_(weights[name + ".weight"])
                if getattr(module, "bias", None) is not None:
                    module.bias.copy_(weights[name + ".bias"])

    def freeze(self) -> None:
        """Keeps the embeddings and the lowest layers as they are."""
        for module in (self.words, self.positions, self.embedding_norm, self.relative, *self.layers[:FROZEN]):
            module.requires_grad_(False)

    def _base_modules(self) -> dict[str, nn.Module]:
        modules: dict[str, nn.Module] = {
            "embeddings.word_embeddings": self.words,
            "embeddings.position_embeddings": self.positions,
            "embeddings.LayerNorm": self.embedding_norm,
            "encoder.relative_attention_bias": self.relative,
        }
        for number, layer in enumerate(self.layers):
            prefix = f"encoder.layer.{number}."
            modules[prefix + "attention.attn.q"] = layer.query
            modules[prefix + "attention.attn.k"] = layer.key
            modules[prefix + "attention.attn.v"] = layer.value
            modules[prefix + "attention.attn.o"] = layer.output
            modules[prefix + "attention.LayerNorm"] = layer.attention_norm
            modules[prefix + "intermediate.dense"] = layer.up
            modules[prefix + "output.dense"] = layer.down
            modules[prefix + "output.LayerNorm"] = layer.output_norm
        return modules


def buckets(length: int) -> Tensor:
    """The bucket of each token's distance from each other one, [length, length], as MPNet and T5 number them."""
    places = torch.arange(length)
    distance = places[:, None] - places[None, :]
    half = BUCKETS // 2
    exact = half // 2
    far = torch.log(distance.abs().clamp(min=1) / exact) / math.log(FAR / exact) * (half - exact)
    far = (exact + far.to(torch.int64)).clamp(max=half - 1)
    return torch.where(distance < 0, half, 0) + torch.where(distance.abs() < exact, distance.abs(), far)


class TeacherEncoder(PairTokens):
    """Encodes pairs as MPNet wants them, ``<s> asked </s></s> cached </s>``."""

    SIGNS = 4

    def batch(self, asked: Sequence[str], cached: Sequence[str]) -> dict[str, Tensor]:
        """The inputs of a batch, padded to its longest pair."""
        rows, marks = [], []
        for first, second in zip(asked, cached, strict=True):
            one, two = self.cut(first, second)
            rows.append([START, *one, END, END, *two, END])
            marks.append([0] * (len(one) + 3) + [1] * len(two) + [0])
        width = max(map(len, rows))
        return {
            "ids": torch.tensor([row + [PAD] * (width - len(row)) for row in rows]),
            "second": torch.tensor([row + [0] * (width - len(row)) for row in marks]),
        }


class MpnetEmbedder(Embedder):
    """all-mpnet-base-v2 as its makers meant it: the mean of the tokens of one text."""

    BATCH = 64

    def __init__(self, folder: Path, name: str, cache: Path | None = None) -> None:
        super().__init__(name, folder / "tokenizer.json", cache)
        model = Teacher().eval()
        model.load_base(folder / "model.safetensors")
        self.model = model.to(torch.bfloat16)

    def _run(self, ids: NDArray[np.int64]) -> Vectors:
        with torch.no_grad():
            return self.model.states(torch.from_numpy(ids)).float().mean(dim=1).numpy()
