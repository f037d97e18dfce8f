#!/usr/bin/env bash
# Proves the metrics of docker/metrics/ by running them: promtool's checks and the rules' own tests, then a real
# Prometheus that scrapes two real gateways with traffic, and every expression of the dashboard and of the rules.
#
#   docker/verify-metrics.sh
#
# Needs prometheus, promtool and redis-server (Debian's packages "prometheus" and "redis-server"), Python 3 and what
# ./reprise needs; no Docker. All of it listens on 127.0.0.1, at free ports. One gateway has its tiers in the process;
# the other has a Redis that is killed, so that there are trouble and an open circuit to see. Grafana itself is not run.
#
# Every wait is bounded. Exit status: 0 if every check passed, 1 if one failed, 2 if it could not begin.

set -u

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(dirname "$HERE")"
readonly HERE ROOT
. "$HERE/verify/functions.sh"
readonly START=60
readonly TRAFFIC=20

work=""
pids=()
passed=0
failed=0

give_up() {
  printf 'verify-metrics.sh: %s\n' "$*" >&2
  exit 2
}

# check NAME COMMAND...: the command's success is the check's.
check() {
  local name="$1"
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
    echo "passed: $name"
    grep '^   ' "$work/said"
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    tail -n 30 "$work/said"
  fi
}

clean_up() {
  local status=$?
  trap - EXIT
  if [ "${#pids[@]}" -gt 0 ]; then
    kill "${pids[@]}" 2>/dev/null
    wait "${pids[@]}" 2>/dev/null
  fi
  [ -z "$work" ] || rm -rf "$work"
  exit "$status"
}

begin() { # NAME COMMAND...: in the background; its words go to a file
  local name="$1"
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  pids+=($!)
}

answers() { curl --silent --fail --max-time 5 --output /dev/null "$1"; }

starts() { # NAME URL
  within "$START" answers "$2" || {
    tail -n 20 "$work/$1.log" >&2
    give_up "the $1 did not start within $START s"
  }
}

redis_listens() { (exec 3<>"/dev/tcp/127.0.0.1/$redis") 2>/dev/null; }

metrics() { timeout 120 python3 "$HERE/verify/metrics.py" "$@"; }

for tool in prometheus promtool redis-server python3 curl java timeout; do
  command -v "$tool" >/dev/null || give_up "$tool is needed and not installed"
done

work="$(mktemp -d "${TMPDIR:-/tmp}/reprise-metrics.XXXXXX")"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

check "promtool accepts the configuration" promtool check config "$HERE/metrics/prometheus.yml"
check "promtool accepts the rules" promtool check rules "$HERE/metrics/rules.yml"
check "the rules pass their own tests" promtool test rules "$HERE/metrics/rules.test.yml"

"$ROOT/reprise" version >/dev/null || give_up "Reprise could not be built"
upstream="$(free_port)"
gateway="$(free_port)"
broken="$(free_port)"
scraper="$(free_port)"
redis="$(free_port)"
REPRISE_ADMIN_TOKEN="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
export REPRISE_ADMIN_TOKEN

begin upstream java "$HERE/verify/ScriptedUpstream.java" 127.0.0.1 "$upstream"
# With a configuration file, so that its meters are there, too.
printf 'policy: {}\n' >"$work/reprise.yaml"
begin gateway "$ROOT/reprise" serve --config "$work/reprise.yaml" --port "$gateway" \
  --upstream "http://127.0.0.1:$upstream/v1" --log-requests=false
begin redis redis-server --bind 127.0.0.1 --port "$redis" --save "" --dir "$work"
redis_pid=${pids[-1]}
within "$START" redis_listens || give_up "redis-server did not start within $START s"
begin broken-gateway "$ROOT/reprise" serve --port "$broken" --upstream "http://127.0.0.1:$upstream/v1" \
  --tiers redis,hnsw --redis-url "redis://127.0.0.1:$redis" --log-requests=false
broken_pid=${pids[-1]}
starts upstream "http://127.0.0.1:$upstream/"
starts gateway "http://127.0.0.1:$gateway/readyz"
starts broken-gateway "http://127.0.0.1:$broken/readyz"

# The real configuration, but for where the gateways are, and scraped every second.
cp "$HERE/metrics/rules.yml" "$work/"
sed -e "s/\"gateway:8080\"/\"127.0.0.1:$gateway\", \"127.0.0.1:$broken\"/" -e 's/_interval: 15s/_interval: 1s/' \
  "$HERE/metrics/prometheus.yml" >"$work/prometheus.yml"
begin prometheus prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
  --web.listen-address="127.0.0.1:$scraper"
prometheus="http://127.0.0.1:$scraper"
starts prometheus "$prometheus/-/ready"

check "Prometheus scrapes both gateways" within 15 metrics up "$prometheus" 2
kill -KILL "$redis_pid"
wait "$redis_pid" 2>/dev/null
metrics traffic "http://127.0.0.1:$broken" "$TRAFFIC" >"$work/broken.said" 2>&1 &
broken_traffic=$!
check "a gateway is asked for $TRAFFIC s, no call fails" metrics traffic "http://127.0.0.1:$gateway" "$TRAFFIC"
check "nor does one of the gateway whose Redis was killed" wait "$broken_traffic"
check "every expression of the dashboard and of the rules is evaluated, and what must have samples has some" \
  metrics expressions "$prometheus"
check "the open circuit is an alert" within 15 metrics alert "$prometheus" RepriseCircuitOpen
kill "$broken_pid"
check "a gateway that is gone is an alert" within 30 metrics alert "$prometheus" RepriseDown

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
