#!/usr/bin/env bash
# Writes docker/.env (or the file named as the only argument) with fresh random passwords.
# Never overwrites: the passwords of a stack that has data must not be lost.
set -euo pipefail

file="${1:-"$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.env"}"

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
# noclobber makes "does it exist" and "create it" one step.
set -o noclobber
if ! {
  : >"$file"
} 2>/dev/null; then
  echo "make-env.sh: $file exists already or can't be written; nothing was changed." >&2
  echo "To start over: take the stack down with its volumes, remove that file, and run this again." >&2
  exit 1
fi
set +o noclobber

# Milvus and MinIO take at most 72 and 40 characters; the access key at most 20.
cat >"$file" <<END
REPRISE_REDIS_PASSWORD=$(random_hex 24)
REPRISE_MILVUS_ROOT_PASSWORD=$(random_hex 20)
REPRISE_MINIO_ACCESS_KEY=$(random_hex 10)
REPRISE_MINIO_SECRET_KEY=$(random_hex 20)
END
echo "Wrote $file (readable by you alone)."
