#!/usr/bin/env bash
# Fills the staging repository twice from clean modules and compares it, file by file.
# usage: release/check-reproducible.sh [MAVEN_OPTION ...]     for example: -pl cache-core
# Maven puts the time of the build into the name of each deployed snapshot, and lists it in
# maven-metadata.xml: both are left out of the comparison.
set -euo pipefail
cd "$(dirname "$0")/.."

sums=$(mktemp -d)
trap 'rm -rf "$sums"' EXIT

for build in first second; do
  rm -rf target/staging
  ./mvnw -q -Prelease -DskipTests "$@" clean verify
  (cd target/staging && find . -type f ! -name 'maven-metadata.xml*' \
    ! -name '*.md5' ! -name '*.sha1' -exec sha256sum {} +) \
    | sed -E 's/-[0-9]{8}\.[0-9]{6}-[0-9]+/-SNAPSHOT/' | sort -k 2 >"$sums/$build"
  [ -s "$sums/$build" ] || { echo "check-reproducible: nothing was staged" >&2; exit 1; }
done

diff "$sums/first" "$sums/second" || { echo "check-reproducible: the builds differ" >&2; exit 1; }
echo "check-reproducible: $(wc -l <"$sums/first") files, equal in both builds"
