"""The verifier: a MiniLM pair encoder whose answer starts from the cosine of two embeddings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

HIDDEN = 384
HEADS = 12
WIDTH = HIDDEN // HEADS
LAYERS = 6
FROZEN = 2
INTERMEDIATE = 1536
VOCABULARY = 30522
POSITIONS = 512
EPSILON = 1e-12
FIRST_ORDINARY_TOKEN = 999  # below it the vocabulary holds padding, [CLS], [SEP] and unused entries


class Layer(nn.Module):
    """One transformer layer, as in BERT: attention, then a feed-forward part, each normalised after."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.inputs = nn.Linear(HIDDEN, 3 * HIDDEN)  # query, key and value: one product is quicker than three
        self.output = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.up = nn.Linear(HIDDEN, INTERMEDIATE)
        self.down = nn.Linear(INTERMEDIATE, HIDDEN)
        self.output_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, present: Tensor) -> Tensor:
        """Maps states [batch, length, 384] to the same shape; ``present`` [batch, length] is 0 at padding."""
        mixed = attention(self.inputs(states), present)
        states = self.attention_norm(states + self.dropout(self.output(mixed)))
        return self.output_norm(states + self.dropout(self.down(gelu(self.up(states)))))


def attention(inputs: Tensor, present: Tensor) -> Tensor:
    """Mixes the values of present tokens; ``inputs`` [batch, length, 3 * 384] are queries, keys and values."""
    heads = inputs.unflatten(2, (3 * HEADS, WIDTH)).transpose(1, 2)
    query, key, value = heads.split(HEADS, dim=1)
    mask = (1.0 - present.to(inputs.dtype)).unsqueeze(1).unsqueeze(2) * -10000.0
    scores = query @ key.transpose(2, 3) / math.sqrt(WIDTH) + mask
    return (torch.softmax(scores, dim=-1) @ value).transpose(1, 2).flatten(2)


def gelu(states: Tensor) -> Tensor:
    """The activation, by its tanh formula: the quicker one where it runs."""
    return F.gelu(states, approximate="tanh")


def _ordinary(input_ids: Tensor, attention_mask: Tensor) -> Tensor:
    """Which tokens are words, and not signs around them."""
    return (attention_mask > 0) & (input_ids >= FIRST_ORDINARY_TOKEN)


class Verifier(nn.Module):
    """Log-odds that two questions have the same answer.

    The logit is ``cosine_bias + cosine_scale * (cosine - 0.8) + head(transformer)``. The head's last
    layer starts at zero, so the untrained verifier orders pairs as the cosine does, and what it
    learns is evidence for moving away from it.

    Above the lowest layers, which stay as they are, each token learns whether the same token stands
    in the other question too.
    """

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.segments = nn.Embedding(2, HIDDEN)
        self.shared = nn.Embedding(2, HIDDEN)
        self.embedding_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(3 * HIDDEN, 256)
        self.evidence = nn.Linear(256, 1)
        self.cosine_scale = nn.Parameter(torch.tensor(10.0))
        self.cosine_bias = nn.Parameter(torch.tensor(0.0))
        nn.init.zeros_(self.shared.weight)
        nn.init.zeros_(self.evidence.weight)
        nn.init.zeros_(self.evidence.bias)

    def head(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """The evidence of the tokens, [batch]: how far to move from what the cosine says."""
        states = self.lower(input_ids, attention_mask, token_type_ids, 0)
        return self.upper(states, input_ids, attention_mask, token_type_ids, 0)

    def lower(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, depth: int) -> Tensor:
        """The tokens' states after the lowest ``depth`` layers, [batch, length, 384]."""
        length = input_ids.shape[1]
        states = (
            self.words(input_ids)
            + self.positions(torch.arange(length, device=input_ids.device)).unsqueeze(0)
            + self.segments(token_type_ids)
        )
        states = self.dropout(self.embedding_norm(states))
        return self._through(range(depth), states, input_ids, attention_mask, token_type_ids)

    def upper(
        self, states: Tensor, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, depth: int
    ) -> Tensor:
        """The evidence, [batch], from the states after the lowest ``depth`` layers."""
        states = self._through(range(depth, LAYERS), states, input_ids, attention_mask, token_type_ids)
        weight = _ordinary(input_ids, attention_mask).to(states.dtype)
        second = weight * token_type_ids.to(states.dtype)
        first = weight - second
        asked = (states * first.unsqueeze(2)).sum(1) / first.sum(1, keepdim=True).clamp(min=1.0)
        cached = (states * second.unsqueeze(2)).sum(1) / second.sum(1, keepdim=True).clamp(min=1.0)
        features = torch.cat([states[:, 0], (asked - cached).abs(), asked * cached], dim=1)
        return self.evidence(self.dropout(F.gelu(self.hidden(features)))).squeeze(1)

    def _through(
        self, numbers: range, states: Tensor, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> Tensor:
        for number in numbers:
            if number == FROZEN:
                ordinary = _ordinary(input_ids, attention_mask)
                same = (input_ids.unsqueeze(2) == input_ids.unsqueeze(1)) & (
                    token_type_ids.unsqueeze(2) != token_type_ids.unsqueeze(1)
                )
                same = same & ordinary.unsqueeze(1) & ordinary.unsqueeze(2)
                in_both = same.to(torch.float32).amax(dim=2).to(torch.int64)
                states = states + self.shared(in_both)
            states = self.layers[number](states, attention_mask)
        return states

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, cosine: Tensor) -> Tensor:
        """The logit of each pair, [batch]."""
        prior = self.cosine_bias + self.cosine_scale * (cosine - 0.8)
        return prior + self.head(input_ids, attention_mask, token_type_ids)

    def load_base(self, path: Path) -> None:
        """Takes the encoder's weights from a safetensors file of all-MiniLM-L6-v2."""
        weights = {name.removeprefix("bert."): tensor for name, tensor in load_file(path).items()}
        with torch.no_grad():
            for module, names in self._base_modules():
                module.weight.copy_(torch.cat([weights[name + ".weight"] for name in names]))
                if getattr(module, "bias", None) is not None:
                    module.bias.copy_(torch.cat([weights[name + ".bias"] for name in names]))

    @classmethod
    def mean(cls, checkpoints: Sequence[Path]) -> Verifier:
        """The verifier with the mean of several checkpoints' weights (Izmailov et al., UAI 2018)."""
        weights = [torch.load(path)["model"] for path in checkpoints]
        model = cls()
        model.load_state_dict({name: torch.stack([w[name] for w in weights]).mean(0) for name in weights[0]})
        return model

    def _base_modules(self) -> list[tuple[nn.Module, list[str]]]:
        """Each module and what its weights are called in the base's file; those of several names are joined."""
        modules: list[tuple[nn.Module, list[str]]] = [
            (self.words, ["embeddings.word_embeddings"]),
            (self.positions, ["embeddings.position_embeddings"]),
            (self.segments, ["embeddings.token_type_embeddings"]),
            (self.embedding_norm, ["embeddings.LayerNorm"]),
        ]
        for number, layer in enumerate(self.layers):
            prefix = f"encoder.layer.{number}."
            modules += [
                (layer.inputs, [prefix + f"attention.self.{part}" for part in ("query", "key", "value")]),
                (layer.output, [prefix + "attention.output.dense"]),
                (layer.attention_norm, [prefix + "attention.output.LayerNorm"]),
                (layer.up, [prefix + "intermediate.dense"]),
                (layer.down, [prefix + "output.dense"]),
                (layer.output_norm, [prefix + "output.LayerNorm"]),
            ]
        return modules

    def freeze(self) -> None:
        """Keeps the word, position and segment embeddings and the lowest layers as they are."""
        self._keep(self.words, self.positions, self.segments, self.embedding_norm, *self.layers[:FROZEN])

    def freeze_up_to(self, depth: int) -> None:
        """Keeps everything below and in the lowest ``depth`` layers as it is."""
        self.requires_grad_(True)
        self._keep(
            self.words, self.positions, self.segments, self.embedding_norm, self.shared, *self.layers[:depth]
        )

    def freeze_words(self) -> None:
        """Keeps only the word, position and segment embeddings as they are."""
        self.requires_grad_(True)
        self._keep(self.words, self.positions, self.segments)

    @staticmethod
    def _keep(*modules: nn.Module) -> None:
        for module in modules:
            module.requires_grad_(False)
