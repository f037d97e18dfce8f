"""Writes verifier.json, which says what the weights beside it are."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .settings import SEED

VERSION = "7"
TRAINED_ON = [
    "Quora Question Pairs as carried by GPTCache (train split)",
    "SemAntoNeg of cannot-dataset (train split)",
    "APT (train split)",
    "STS benchmark (train split)",
    "questions of CLINC150 and Banking77, without their labels",
    "pairs generated from verifier_training/domains.toml",
    "rewrites of the questions above by verifier_training/rewrite.py",
    "what a cross-encoder from all-mpnet-base-v2, trained on the same splits, says of unlabelled pairs of these",
    "what the embeddings bge-small-en-v1.5 and all-mpnet-base-v2 say of the same pairs",
    "10,221 pairs of questions read by language models: may the answer to one be served for the other (train part)",
    "MEDIQA question entailment, text2sql: some pairs without a question that calibrates or tests",
    "pairs generated from verifier_training/turns.toml",
    "1,486 further pairs near the decision, read by language models",
    "pairs of 2,041 groups of questions that language models wrote (matcher-training/written)",
]


def card(model: Path, commit: str) -> dict[str, Any]:
    """The content of verifier.json."""
    return {
        "name": "reprise-verifier",
        "version": VERSION,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "bytes": model.stat().st_size,
        "baseModel": "all-MiniLM-L6-v2",
        "embedding": "all-minilm-l6-v2-int8",
        "trainedOn": TRAINED_ON,
        "seed": SEED,
        "script": "matcher-training/train.sh, then matcher-training/finetune.sh",
        "commit": commit,
    }


def main() -> int:
    """Writes the card from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    ).stdout.strip()
    made = card(args.model, commit)
    target = args.model.with_suffix(".json")
    target.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
