#!/usr/bin/env bash
# Builds the gateway's image from these sources: the launcher compiles what is missing, this script gathers
# classes and jars in one folder, and Docker copies that folder onto a Java runtime.
#
#   docker/gateway/build.sh [IMAGE]      reprise-gateway:local, which ../compose.yaml runs, if none is named
#
# Needs what ./reprise needs (JDK 17 or newer) and Docker. REPRISE_GATEWAY_BASE names another base image.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
image="${1:-reprise-gateway:local}"
stage="$root/target/gateway-image"

"$root/reprise" version >/dev/null

rm -rf "$stage"
mkdir -p "$stage/lib" "$stage/classes"
cp "$here/Dockerfile" "$stage/"
install -m 755 "$here/ready" "$stage/ready"

# The order of the class path is kept: a file of Java's arguments lists it.
path=""
while IFS= read -r part; do
  if [ -d "$part" ]; then
    module="$(basename "$(dirname "$(dirname "$part")")")"
    mkdir "$stage/classes/$module"
    cp -R "$part/." "$stage/classes/$module/"
    path="$path:/opt/reprise/classes/$module"
  else
    name="$(basename "$part")"
    [ ! -e "$stage/lib/$name" ] || { echo "build.sh: two jars are called $name" >&2; exit 1; }
    cp "$part" "$stage/lib/$name"
    path="$path:/opt/reprise/lib/$name"
  fi
done < <(tr ':' '\n' <<<"$root/cache-gateway/target/classes:$(cat "$root/cache-gateway/target/classpath.txt")")
printf -- '-cp "%s"\n' "${path#:}" >"$stage/classpath"
# Whoever checked this out with a narrow umask still gets an image that its user can read.
chmod -R a+rX "$stage"

docker build --quiet ${REPRISE_GATEWAY_BASE:+--build-arg "BASE=$REPRISE_GATEWAY_BASE"} --tag "$image" "$stage"
