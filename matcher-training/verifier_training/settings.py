"""What several modules share: the seed, the embeddings, how much of a stream is evaluated."""

from __future__ import annotations

SEED = 20261124
STUDENT = "all-minilm-l6-v2"
TEACHERS = (STUDENT, "bge-small-en-v1.5")
ARRIVALS = 10_000
