"""What several modules share: the seed, the embeddings, how much of a stream is evaluated."""

from __future__ import annotations

SEED = 20261124
STUDENT = "all-minilm-l6-v2"
OTHER = "bge-small-en-v1.5"
TEACHER = "all-mpnet-base-v2"
ARRIVALS = 10_000
