#!/usr/bin/env bash
# Builds stand-ins for the images of ../compose.yaml from Debian's, PyPI's and npm's packages, for machines
# that can't pull the official ones. Needs root (for debootstrap) and a Docker daemon (DOCKER_HOST is honoured).
# They are for trying and testing only. README.md beside this file says what each one is.
#
# What the machine needs to reach the registries is passed on, never written down here: the proxy variables,
# PIP_INDEX_URL, NPM_CONFIG_REGISTRY, DEBIAN_MIRROR, and the machine's own bundle of certificates.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
base=reprise-stand-in/base:bookworm

say() { printf 'stand-in: %s\n' "$*"; }

arguments=(--network host --build-arg "BASE=$base")
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL NPM_CONFIG_REGISTRY; do
  if [ -n "${!name:-}" ]; then
    arguments+=(--build-arg "$name")
  fi
done

build_base() {
  if docker image inspect "$base" >/dev/null 2>&1; then
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    say "the base image needs debootstrap and root: apt-get install debootstrap, then run this as root" >&2
    exit 1
  fi
  say "making the base image with debootstrap"
  local work
  work="$(mktemp -d)"
  # shellcheck disable=SC2064  # the value of now is meant
  trap "rm -rf '$work'" EXIT
  if ! timeout 900 debootstrap --variant=minbase bookworm "$work/root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} \
    >"$work/log" 2>&1; then
    tail -n 20 "$work/log" >&2
    exit 1
  fi
  rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/*
  # pip and npm must trust what this machine trusts. The bundle lies beside Debian's own, not in its place.
  local bundle="${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"
  local changes=(--change 'CMD ["bash"]')
  if [ -r "$bundle" ]; then
    install -m 644 -D "$bundle" "$work/root/etc/ssl/host-certificates.crt"
    changes+=(
      --change 'ENV PIP_CERT=/etc/ssl/host-certificates.crt'
      --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/host-certificates.crt'
    )
  fi
  tar -C "$work/root" -c . | docker import "${changes[@]}" - "$base" >/dev/null
  rm -rf "$work"
}

build() { # IMAGE FOLDER
  say "building $1"
  local log
  log="$(mktemp)"
  if ! DOCKER_BUILDKIT=0 timeout 1200 docker build "${arguments[@]}" -t "$1" "$here/$2" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}

build_base
build reprise-stand-in/redis:7.0 redis
build reprise-stand-in/etcd:3.4 etcd
build reprise-stand-in/object-store:3.7.1 object-store
build reprise-stand-in/milvus:2.3.5 milvus
build reprise-stand-in/java:17 java
build reprise-stand-in/prometheus:2.42 prometheus
say "done"
