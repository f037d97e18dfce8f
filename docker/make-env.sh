#!/usr/bin/env bash
# Writes docker/.env (or the file named as the only argument) with fresh random passwords.
# To a file that is there it adds the variables that it lacks, and changes nothing else: the passwords of a stack
# that has data must not be lost.
set -euo pipefail

file="${1:-"$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.env"}"

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
[ -e "$file" ] || : >"$file"
# A last line without an end would run into the first of ours.
if [ -n "$(tail -c 1 "$file")" ]; then
  echo >>"$file"
fi

added=""
# Milvus and MinIO take at most 72 and 40 characters; the access key at most 20.
while read -r name bytes; do
  if ! grep -q "^$name=" "$file"; then
    # An assignment, so that the script ends where it fails, and no password is empty.
    secret=$(random_hex "$bytes")
    printf '%s=%s\n' "$name" "$secret" >>"$file"
    added="$added $name"
  fi
done <<END
REPRISE_REDIS_PASSWORD 24
REPRISE_MILVUS_ROOT_PASSWORD 20
REPRISE_MINIO_ACCESS_KEY 10
REPRISE_MINIO_SECRET_KEY 20
REPRISE_ADMIN_TOKEN 24
REPRISE_SCOPE_SECRET 32
REPRISE_GRAFANA_PASSWORD 20
END
if [ -z "$added" ]; then
  echo "make-env.sh: $file has every variable already; nothing was changed." >&2
  echo "To start over: take the stack down with its volumes, remove that file, and run this again." >&2
  exit 1
fi
echo "Wrote to $file:$added"
