#!/usr/bin/env bash
# Writes the API baseline: src/api/baseline.jar of each published module, signatures only. The gateway is an application and has no API.
# The build compares each artifact with its baseline (japicmp) and fails where a change breaks callers.
# Run this after a release, or to accept such a change before one: the changelog then says how to follow.
set -euo pipefail
cd "$(dirname "$0")/.."
asm=9.9.1

./mvnw -q -DskipTests package
./mvnw -q -N org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=org.ow2.asm:asm:$asm -DoutputDirectory=target/tools

pairs=()
for pom in $(git ls-files '*pom.xml'); do
  grep -q '<maven.deploy.skip>false</maven.deploy.skip>' "$pom" || continue
  module=$(dirname "$pom")
  for jar in "$module"/target/reprise-*.jar; do
    case "$jar" in *-sources.jar | *-javadoc.jar | *-tests.jar | *verifier-model* | *gateway*) continue ;; esac
    [ -f "$jar" ] || continue
    mkdir -p "$module/src/api"
    pairs+=("$jar" "$module/src/api/baseline.jar")
  done
done
java -cp "target/tools/asm-$asm.jar" release/ApiJars.java "${pairs[@]}"
