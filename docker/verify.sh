#!/usr/bin/env bash
# Proves the stack of compose.yaml by running it: up with fresh passwords, healthy, protected, with the gateway in
# front of a scripted model, in use by the demo while each container is killed and started again, the integration tests
# against it, and down again.
#
#   docker/verify.sh               everything
#   docker/verify.sh --stack-only  the servers alone: nothing of Reprise is built or run
#
# Uses the Docker daemon that answers (DOCKER_HOST is honoured). Where none does, and this runs as root with
# dockerd installed, it starts one of its own in a temporary folder and stops it at the end.
# Images that can't be pulled are replaced by the stand-ins of stand-in/, and the summary says so; name your own
# with REPRISE_REDIS_IMAGE, REPRISE_MILVUS_IMAGE, REPRISE_ETCD_IMAGE, REPRISE_MINIO_IMAGE, REPRISE_PROMETHEUS_IMAGE and
# REPRISE_GATEWAY_BASE. Grafana is run where its image can be had.
# Ports are free ones, unless REPRISE_REDIS_PORT and REPRISE_MILVUS_PORT are set. REPRISE_VERIFY_DOCKER_DATA names a
# folder in which a daemon of our own keeps its images from run to run (building the stand-ins takes minutes).
#
# Every wait is bounded. Exit status: 0 if every check passed, 1 if one failed, 2 if it could not begin.

# No pipefail: "grep -q" stops reading at its match, and what it reads from would then count as failed.
set -u

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(dirname "$HERE")"
readonly HERE ROOT
. "$HERE/verify/functions.sh"
readonly PROJECT="reprise-verify-$$"
readonly SERVICES=(redis etcd minio milvus)
readonly REQUIRED=(REPRISE_REDIS_PASSWORD REPRISE_MILVUS_ROOT_PASSWORD REPRISE_MINIO_ACCESS_KEY REPRISE_MINIO_SECRET_KEY
  REPRISE_ADMIN_TOKEN REPRISE_SCOPE_SECRET REPRISE_GRAFANA_PASSWORD)
readonly GATEWAY_IMAGE="reprise-gateway:verify"

# Bounds, in seconds.
readonly DAEMON_START=60
readonly PULL=900
readonly UP=180
readonly HEALTHY=300
readonly DATA_BACK=180
readonly DEMO_BEGINS=900
readonly DEMO_ENDS=300
readonly TESTS=2400
readonly DOWNTIME=3
# As stop_grace_period of the gateway.
readonly GRACE=30

stack_only=no
work=""
daemon_pid=""
demo_pid=""
stack_begun=no
images="the official ones"
gateway_base=""
with_grafana=no
passed=0
failed=0
report=()

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

give_up() {
  printf 'verify.sh: %s\n' "$*" >&2
  exit 2
}

check_passed() {
  passed=$((passed + 1))
  report+=("passed  $*")
  say "passed: $*"
}

check_failed() {
  failed=$((failed + 1))
  report+=("FAILED  $*")
  say "FAILED: $*"
}

# check NAME COMMAND...: the command's success is the check's.
check() {
  local name="$1"
  shift
  if "$@"; then check_passed "$name"; else check_failed "$name"; fi
}

compose() { timeout "$UP" "${COMPOSE[@]}" --project-name "$PROJECT" --env-file "$work/env" --file "$HERE/compose.yaml" "$@"; }

# Noted once the stack is up; a container keeps its name over kill and start.
declare -A container=()

# ---------------------------------------------------------------- the way out

clean_up() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  if [ -n "$demo_pid" ]; then
    kill "$demo_pid" 2>/dev/null
    wait "$demo_pid" 2>/dev/null
  fi
  if [ "$stack_begun" = yes ]; then
    say "taking the stack down (containers, volumes, networks)"
    docker rm --force --volumes "$PROJECT-upstream" >/dev/null 2>&1
    compose --profile metrics down --volumes --remove-orphans >"$work/down.log" 2>&1 || { tail -n 5 "$work/down.log"; status=1; }
    docker image rm "$GATEWAY_IMAGE" >/dev/null 2>&1
    local filter="label=com.docker.compose.project=$PROJECT"
    if [ -n "$(timeout 30 docker ps --all --quiet --filter "$filter")$(timeout 30 docker volume ls --quiet --filter "$filter")$(timeout 30 docker network ls --quiet --filter "$filter")" ]; then
      check_failed "nothing of the stack is left behind"
      status=1
    else
      check_passed "nothing of the stack is left behind"
    fi
  fi
  if [ -n "$daemon_pid" ]; then
    say "stopping our own Docker daemon"
    stop_daemon || { echo "our own Docker daemon (process $daemon_pid) did not stop" >&2; status=1; }
  fi
  if [ "${#report[@]}" -gt 0 ]; then
    printf '\nSummary (images: %s)\n' "$images"
    printf '  %s\n' "${report[@]}"
    [ "$status" -lt 128 ] || echo "INTERRUPTED: what stands above is not everything"
    printf '%d passed, %d failed\n' "$passed" "$failed"
  fi
  [ -z "$work" ] || rm -rf "$work"
  exit "$status"
}

# ---------------------------------------------------------------- the daemon

daemon_answers() { timeout 10 docker info >/dev/null 2>&1; }

daemon_runs() { kill -0 "$daemon_pid" 2>/dev/null; }

daemon_gone() { ! daemon_runs; }

start_daemon() {
  [ "$(id -u)" = 0 ] || give_up "no Docker daemon answers (DOCKER_HOST is '${DOCKER_HOST:-}'), and only root can start one"
  command -v dockerd >/dev/null || give_up "no Docker daemon answers, and dockerd is not installed"
  # Two daemons would rewrite each other's packet filter rules.
  if pgrep -x dockerd >/dev/null; then
    give_up "a dockerd runs, but does not answer at DOCKER_HOST='${DOCKER_HOST:-}'; set DOCKER_HOST to where it listens"
  fi
  say "no Docker daemon answers; starting our own"
  # Bridges of our own only, and no trace in the machine's packet filter, unless that filter would cut our
  # containers off from each other.
  local options=(--bridge none --ip-forward=false)
  if [ "$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || echo 0)" != 1 ] \
    || ! iptables -S FORWARD 2>/dev/null | grep -qx -e '-P FORWARD DROP'; then
    options+=(--iptables=false --ip6tables=false --ip-masq=false)
  fi
  local data
  data="$(asked_for REPRISE_VERIFY_DOCKER_DATA)"
  mkdir -p "$work/docker"
  # A group of its own, so that Ctrl-C reaches this script alone, which then takes the stack down first.
  setsid dockerd "${options[@]}" --data-root "${data:-"$work/docker/data"}" --exec-root "$work/docker/exec" \
    --pidfile "$work/docker/pid" --host "unix://$work/docker/sock" >"$work/dockerd.log" 2>&1 </dev/null &
  daemon_pid=$!
  export DOCKER_HOST="unix://$work/docker/sock"
  within "$DAEMON_START" daemon_answers || {
    tail -n 20 "$work/dockerd.log" >&2
    give_up "our own Docker daemon did not start within $DAEMON_START s"
  }
}

stop_daemon() {
  kill -TERM "$daemon_pid" 2>/dev/null
  if ! within 40 daemon_gone; then
    kill -KILL "$daemon_pid" 2>/dev/null
    within 10 daemon_gone || return 1
  fi
  wait "$daemon_pid" 2>/dev/null
  # What an unclean end leaves mounted would make the removal of the folder fail.
  local mounted
  mounted="$(awk -v prefix="$work/" 'index($2, prefix) == 1 { print $2 }' /proc/mounts | sort -r)"
  [ -z "$mounted" ] || xargs -r umount -l <<<"$mounted"
}

# ---------------------------------------------------------------- the images

# The image that compose.yaml names for a service.
pinned_image() { sed -n "s/.*\${REPRISE_${1}_IMAGE:-\([^}]*\)}.*/\1/p" "$HERE/compose.yaml"; }

pinned_base() { sed -n 's/^ARG BASE=//p' "$HERE/gateway/Dockerfile"; }

have_image() { timeout 30 docker image inspect "$1" >/dev/null 2>&1; }

pull() {
  say "pulling $1"
  timeout "$PULL" docker pull --quiet "$1" >"$work/pull.log" 2>&1
}

choose_images() {
  local name image missing=no names=(REDIS ETCD MINIO MILVUS)
  declare -gA chosen=()
  gateway_base="$(asked_for REPRISE_GATEWAY_BASE)"
  gateway_base="${gateway_base:-$(pinned_base)}"
  if [ "$stack_only" = no ]; then
    names+=(PROMETHEUS)
    have_image "$gateway_base" || pull "$gateway_base" || missing=yes
  fi
  for name in "${names[@]}"; do
    image="$(asked_for "REPRISE_${name}_IMAGE")"
    chosen[$name]="${image:-$(pinned_image "$name")}"
    [ -n "$image" ] && images="as named in the environment"
    have_image "${chosen[$name]}" && continue
    [ "$missing" = yes ] && continue
    if ! pull "${chosen[$name]}"; then
      [ -z "$image" ] || give_up "${image} can't be pulled: $(tail -n 1 "$work/pull.log")"
      say "it can't be pulled: $(tail -n 1 "$work/pull.log")"
      missing=yes
    fi
  done
  if [ "$missing" = no ]; then
    if [ "$stack_only" = no ] && { have_image "$(pinned_image GRAFANA)" || pull "$(pinned_image GRAFANA)"; }; then
      with_grafana=yes
    fi
    return 0
  fi
  # All or none: the versions belong together.
  say "NOT the official images: building local stand-ins (Redis 7.0, etcd 3.4, an S3 server, Milvus 2.3.5, Java, Prometheus)"
  "$HERE/stand-in/build.sh" || give_up "the stand-in images could not be built"
  images="LOCAL STAND-INS, not the official ones: Redis 7.0, etcd 3.4, s3rver 3.7.1, Milvus 2.3.5, Debian's Java 17 and Prometheus 2.42; no Grafana"
  gateway_base=reprise-stand-in/java:17
  chosen=(
    [REDIS]=reprise-stand-in/redis:7.0
    [ETCD]=reprise-stand-in/etcd:3.4
    [MINIO]=reprise-stand-in/object-store:3.7.1
    [MILVUS]=reprise-stand-in/milvus:2.3.5
    [PROMETHEUS]=reprise-stand-in/prometheus:2.42
  )
}

# The value that a variable of the stack had when this script was called.
asked_for() { sed -n "s/^$1=//p" "$work/asked"; }

# ---------------------------------------------------------------- the checks

# Compose must refuse to go on without each of the passwords, and name it.
refuses_without() {
  local said
  grep -v "^$1=" "$work/env" >"$work/incomplete"
  said="$(timeout 60 "${COMPOSE[@]}" --project-name "$PROJECT" --env-file "$work/incomplete" \
    --file "$HERE/compose.yaml" config 2>&1)" && return 1
  grep -q "$1 is not set" <<<"$said"
}

healthy() {
  [ "$(timeout 10 docker inspect --format '{{.State.Running}} {{.State.Health.Status}}' "${container[$1]}" 2>/dev/null)" = "true healthy" ]
}

all_healthy() {
  local service
  for service in "${SERVICES[@]}"; do healthy "$service" || return 1; done
}

bring_up() {
  local service
  compose up --detach >"$work/up.log" 2>&1 || return 1
  for service in "${SERVICES[@]}"; do
    container[$service]="$(compose ps --quiet "$service" | head -n 1)"
  done
  within "$HEALTHY" all_healthy
}

# published_as_meant SERVICE...: on the loopback address only; etcd and the object store not at all.
published_as_meant() {
  local service published
  for service in "$@"; do
    published="$(timeout 10 docker port "${container[$service]}")" || return 1
    published="${published##*-> }"
    case "$service" in
      redis) [ "$published" = "127.0.0.1:$redis_port" ] || return 1 ;;
      milvus) [ "$published" = "127.0.0.1:$milvus_port" ] || return 1 ;;
      gateway) [ "$published" = "127.0.0.1:$gateway_port" ] || return 1 ;;
      prometheus) [ "$published" = "127.0.0.1:$prometheus_port" ] || return 1 ;;
      grafana) [ "$published" = "127.0.0.1:$grafana_port" ] || return 1 ;;
      *) [ -z "$published" ] || return 1 ;;
    esac
  done
}

# redis_says PASSWORD COMMAND...: through the published port's container, password by environment.
redis_says() {
  local password="$1"
  shift
  REDISCLI_AUTH="$password" timeout 15 docker exec --env REDISCLI_AUTH "${container[redis]}" redis-cli "$@" 2>&1
}

redis_answers() { [ "$(redis_says "$1" PING)" = PONG ]; }

# An answer that says no: neither an open door nor a server that is not there.
redis_refuses() { redis_says "$1" PING | grep -Eq 'NOAUTH|WRONGPASS'; }

redis_port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$redis_port") 2>/dev/null; }

# milvus_says TOKEN PATH [BODY]: Milvus' REST interface on its published port; the token goes by standard input.
milvus_says() {
  local arguments=(--silent --show-error --max-time 30 --config -)
  [ $# -lt 3 ] || arguments+=(--header "Content-Type: application/json" --data "$3")
  printf '%s' "${1:+header = \"Authorization: Bearer $1\"}" \
    | curl "${arguments[@]}" "http://127.0.0.1:$milvus_port/v1/vector/$2" 2>&1
}

milvus_lets_in() { milvus_says "$1" collections | grep -q '"code":200'; }

milvus_refuses() { milvus_says "$1" collections | grep -qi 'authenticate'; }

write_marks() {
  [ "$(redis_says "$redis_password" SET reprise-verify "$mark")" = OK ] || return 1
  milvus_says "$milvus_token" collections/create \
    '{"collectionName":"reprise_verify","dimension":4,"metricType":"COSINE"}' | grep -q '"code":200' || return 1
  milvus_says "$milvus_token" insert \
    "{\"collectionName\":\"reprise_verify\",\"data\":[{\"vector\":[0.1,0.2,0.3,0.4],\"mark\":\"$mark\"}]}" \
    | grep -q '"insertCount":1' || return 1
}

redis_mark_there() { [ "$(redis_says "$redis_password" GET reprise-verify)" = "$mark" ]; }

milvus_mark_there() {
  milvus_says "$milvus_token" search \
    '{"collectionName":"reprise_verify","vector":[0.1,0.2,0.3,0.4],"limit":1,"outputFields":["mark"]}' | grep -q "$mark"
}

marks_there() { redis_mark_there && milvus_mark_there; }

kill_it() {
  timeout 60 docker kill "${container[$1]}" >/dev/null || return 1
  [ "$(timeout 10 docker inspect --format '{{.State.Running}}' "${container[$1]}")" = false ]
}

start_it() { timeout 60 docker start "${container[$1]}" >/dev/null; }

# After a kill: everything healthy again, and what was written before is still there.
comes_back() {
  local begin=$SECONDS
  within "$HEALTHY" all_healthy && within "$DATA_BACK" marks_there || return 1
  say "  back after $((SECONDS - begin)) s"
}

kill_idle() {
  say "killing $1"
  kill_it "$1" && sleep "$DOWNTIME" && start_it "$1" && comes_back "$1"
}

# ---------------------------------------------------------------- the gateway on the stack

build_gateway() {
  REPRISE_GATEWAY_BASE="$gateway_base" timeout "$DEMO_BEGINS" "$HERE/gateway/build.sh" "$GATEWAY_IMAGE" \
    >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; return 1; }
}

# The model's server is a container, too: a container cannot reach this machine's loopback address.
start_upstream() {
  mkdir -m 755 "$work/upstream" \
    && javac --release 17 -d "$work/upstream" "$HERE/verify/ScriptedUpstream.java" \
    && chmod -R a+rX "$work/upstream" \
    && timeout 60 docker run --detach --name "$PROJECT-upstream" --network "${PROJECT}_front" --network-alias upstream \
      --volume "$work/upstream:/upstream:ro" --entrypoint java "$GATEWAY_IMAGE" \
      -cp /upstream ScriptedUpstream 0.0.0.0 8000 >/dev/null
}

bring_up_gateway() {
  local service services=(gateway prometheus)
  [ "$with_grafana" = no ] || services+=(grafana)
  compose --profile metrics up --detach "${services[@]}" >"$work/up-gateway.log" 2>&1 \
    || { tail -n 10 "$work/up-gateway.log"; return 1; }
  for service in "${services[@]}"; do
    container[$service]="$(compose --profile metrics ps --quiet "$service" | head -n 1)"
  done
  for service in "${services[@]}"; do
    within "$HEALTHY" healthy "$service" || { timeout 30 docker logs --tail 20 "${container[$service]}"; return 1; }
  done
}

# ask QUESTION [ARGUMENT...]: prints status, outcome and tier; the arguments are curl's.
ask() {
  local question="$1"
  shift
  curl --silent --show-error --max-time 60 --output /dev/null --dump-header - "$@" \
    --header "Content-Type: application/json" --data \
    "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"$question\"}]}" \
    "http://127.0.0.1:$gateway_port/v1/chat/completions" \
    | tr -d '\r' | awk '/^HTTP/ { status = $2 } tolower($1) == "x-reprise-cache:" { outcome = $2 }
      tolower($1) == "x-reprise-tier:" { tier = $2 } END { print status, outcome, tier }'
}

# answered STATUS_AND_OUTCOME QUESTION [ARGUMENT...]
answered() {
  local expected="$1" got
  shift
  got="$(ask "$@")"
  case "$got" in
    "$expected"*) ;;
    *) say "  expected '$expected', got '$got'"; return 1 ;;
  esac
}

readonly QUESTION="How do I reset my password?"
readonly SAME="How can I reset my password?"

missed_then_hit() { answered "200 miss" "$QUESTION" && answered "200 hit-exact" "$QUESTION"; }

# The row gets to Milvus behind the answer; what is asked so is not stored, and stays new.
hit_by_meaning() { within 60 answered "200 hit-semantic" "$SAME" --header "Cache-Control: no-store"; }

# gateway_status TOKEN PATH: the token goes by standard input.
gateway_status() {
  printf '%s' "${1:+header = \"Authorization: Bearer $1\"}" \
    | curl --silent --max-time 30 --config - --output /dev/null --write-out '%{http_code}' \
      "http://127.0.0.1:$gateway_port$2"
}

administrators_only() {
  [ "$(gateway_status "$admin_token" /admin/stats)" = 200 ] || return 1
  [ "$(gateway_status "" /admin/stats)" = 401 ] || return 1
  [ "$(gateway_status "another token of some length" /admin/stats)" = 401 ] || return 1
}

# What compose sets, less the token: the gateway must not listen then.
refuses_without_token() {
  local said
  said="$(timeout 60 docker run --rm --env REPRISE_HOST=0.0.0.0 "$GATEWAY_IMAGE" 2>&1)" && return 1
  grep -q "admin token" <<<"$said"
}

unprivileged() {
  [ "$(timeout 15 docker exec "${container[gateway]}" id -u)" = 10001 ] || return 1
  ! timeout 15 docker exec "${container[gateway]}" touch /opt/reprise/mark 2>/dev/null || return 1
}

no_secret_in_the_process_list() {
  local name processes
  processes="$(timeout 15 docker top "${container[gateway]}")" || return 1
  grep -q dev.reprise.cli.Reprise <<<"$processes" || return 1
  for name in "${REQUIRED[@]}"; do
    ! grep -qF "$(sed -n "s/^$name=//p" "$work/env")" <<<"$processes" || return 1
  done
}

# 60 % of the container's 2 GiB, whatever the machine has.
heap_fits_the_container() {
  curl --silent --max-time 30 "http://127.0.0.1:$gateway_port/metrics" \
    | awk '/^jvm_memory_max_bytes\{area="heap"/ && $NF > 0 { bytes += $NF }
      END { gib = bytes / 1073741824; printf "  heap of at most %.2f GiB\n", gib; exit !(gib > 1.1 && gib < 1.25) }'
}

# A request that is under way when the gateway is told to stop is answered; then it stops by itself.
stops_gracefully() {
  local begin status
  (ask "Answer slowly, please." >"$work/slow") &
  local asker=$!
  sleep 1
  begin=$SECONDS
  timeout $((GRACE + 30)) docker stop --time "$GRACE" "${container[gateway]}" >/dev/null || return 1
  say "  stopped after $((SECONDS - begin)) s"
  wait "$asker"
  status="$(timeout 10 docker inspect --format '{{.State.ExitCode}}' "${container[gateway]}")"
  if [ "$status" != 143 ] || [ "$(cut -d ' ' -f 1 "$work/slow")" != 200 ]; then
    say "  it ended with status $status; what was under way was answered with '$(cat "$work/slow")'"
    return 1
  fi
}

# Its memory is empty after that: the answer comes from Redis, and is found although the client's key is hashed anew.
found_again_in_redis() {
  start_it gateway && within "$HEALTHY" healthy gateway && answered "200 hit-exact redis" "$QUESTION"
}

gateway_survives_redis() {
  local i
  kill_it redis || return 1
  for i in $(seq 30); do
    case "$(ask "Question $i while Redis is down")" in
      200*) ;;
      *) say "  call $i failed"; start_it redis; return 1 ;;
    esac
  done
  start_it redis && comes_back redis || return 1
  answered "200" "What is asked when Redis is back?"
  within 60 answered "200 hit-exact" "What is asked when Redis is back?"
}

prometheus_says() { # PATH
  curl --silent --max-time 30 "http://127.0.0.1:$prometheus_port/api/v1/$1"
}

scraped() { prometheus_says 'query?query=up%7Bjob%3D%22reprise%22%7D%20%3D%3D%201' | grep -q '"value"'; }

rules_loaded() { prometheus_says rules | grep -q RepriseWrongRateAboveBound; }

grafana_knows_its_admin() {
  local dashboards="http://127.0.0.1:$grafana_port/api/dashboards/uid/reprise"
  [ "$(curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' "$dashboards")" = 401 ] || return 1
  printf 'user = "admin:%s"' "$(sed -n 's/^REPRISE_GRAFANA_PASSWORD=//p' "$work/env")" \
    | curl --silent --max-time 30 --config - "$dashboards" | grep -q '"title":"Reprise"'
}

gateway_on_the_stack() {
  check "the gateway's image is built" build_gateway
  check "the gateway refuses to listen without an admin token" refuses_without_token
  start_upstream || { check_failed "the scripted model starts"; return; }
  local begin=$SECONDS
  if ! bring_up_gateway; then
    check_failed "the gateway and Prometheus come up healthy"
    return
  fi
  check_passed "the gateway and Prometheus come up healthy ($((SECONDS - begin)) s)"
  check "they are published on the loopback address only" published_as_meant gateway prometheus
  check "the gateway runs as nobody in particular, on a file system that it cannot write to" unprivileged
  check "no password stands in its process list" no_secret_in_the_process_list
  check "its heap is a share of its container's memory" heap_fits_the_container
  check "administrators show a token, others are refused" administrators_only
  check "a question is a miss, then a hit" missed_then_hit
  check "the same in other words is a hit by meaning, from Milvus" hit_by_meaning
  check "told to stop, it answers what is under way and ends within $GRACE s" stops_gracefully
  check "started again, it finds its answers in Redis" found_again_in_redis
  check "Redis is killed and started again, no call of the gateway fails, hits come back" gateway_survives_redis
  check "Prometheus scrapes the gateway" within 60 scraped
  check "and has the rules" rules_loaded
  if [ "$with_grafana" = yes ]; then
    check "Grafana is published on the loopback address only" published_as_meant grafana
    check "Grafana has the dashboard, for who shows its password" within 60 grafana_knows_its_admin
  fi
}

# ---------------------------------------------------------------- Reprise on the stack

run_demo() { # NAME
  MILVUS_TOKEN="$milvus_token" setsid timeout "$((DEMO_BEGINS + DEMO_ENDS))" "$ROOT/reprise" demo --tiers redis,milvus \
    --redis-url "redis://:$redis_password@127.0.0.1:$redis_port" --milvus-uri "http://127.0.0.1:$milvus_port" \
    --scope "verify-$1" --json "$work/demo-$1.json" --no-progress >"$work/demo-$1.log" 2>&1 </dev/null &
  demo_pid=$!
}

demo_runs() { kill -0 "$demo_pid" 2>/dev/null; }

demo_gone() { ! demo_runs; }

redis_keys() { redis_says "$redis_password" DBSIZE | tr -dc '0-9'; }

# Begun means: it has stored something. Building it, if that is needed, comes before.
demo_begun() {
  demo_runs || return 0
  local keys
  keys="$(redis_keys)"
  [ -n "$keys" ] && [ "$keys" -gt "$1" ]
}

# The result counts the calls by their outcome; failures stand there even where there are none.
no_call_failed() { tr -d ' \n' <"$1" | grep -q '"outcome":"failure","count":0[,}]'; }

demo_went_well() { # NAME
  within "$DEMO_ENDS" demo_gone || { kill "$demo_pid" 2>/dev/null; say "  the demo did not end"; return 1; }
  wait "$demo_pid"
  local status=$?
  demo_pid=""
  if [ "$status" != 0 ] || [ ! -s "$work/demo-$1.json" ] || ! no_call_failed "$work/demo-$1.json"; then
    say "  the demo ended with status $status; its last lines:"
    tail -n 25 "$work/demo-$1.log"
    return 1
  fi
}

demo_survives() { # SERVICE
  local before
  before="$(redis_keys)"
  run_demo "$1"
  if ! within "$DEMO_BEGINS" demo_begun "${before:-0}" || demo_gone; then
    say "  the demo ended, or did not begin, before $1 could be killed"
    demo_went_well "$1"
    return 1
  fi
  say "the demo runs; killing $1"
  kill_it "$1" || return 1
  sleep "$DOWNTIME"
  local survived=yes
  demo_gone && say "  (the demo ended while $1 was down)"
  start_it "$1" || survived=no
  demo_went_well "$1" || survived=no
  comes_back "$1" || survived=no
  [ "$survived" = yes ]
}

demo_alone() {
  run_demo undisturbed
  within "$DEMO_BEGINS" demo_gone || return 1
  demo_went_well undisturbed || return 1
  tail -n 40 "$work/demo-undisturbed.log"
}

integration_tests() {
  (
    cd "$ROOT" || exit 1
    export REPRISE_TEST_REDIS_URL="redis://:$redis_password@127.0.0.1:$redis_port"
    export REPRISE_TEST_MILVUS_URI="http://127.0.0.1:$milvus_port"
    export REPRISE_TEST_MILVUS_TOKEN="$milvus_token"
    # Unit tests and Milvus Lite have nothing to do with the stack.
    timeout "$TESTS" ./mvnw -B -ntp -pl cache-redis,cache-milvus -am \
      -DskipUnitTests=true -Dmilvus.lite.skip=true verify >"$work/tests.log" 2>&1 </dev/null
  )
  local status=$?
  grep -E 'Tests run:|BUILD' "$work/tests.log" | tail -n 8
  if [ "$status" != 0 ]; then
    grep -E '^\[ERROR\]' "$work/tests.log" | head -n 30
    return 1
  fi
}

# ---------------------------------------------------------------- the run

case "${1:-}" in
  "") ;;
  --stack-only) stack_only=yes ;;
  -h | --help)
    sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
  *) give_up "unknown argument '$1'; known are --stack-only and --help" ;;
esac
[ $# -le 1 ] || give_up "one argument at most"

for tool in docker curl timeout setsid; do
  command -v "$tool" >/dev/null || give_up "$tool is needed and not installed"
done
if docker compose version >/dev/null 2>&1; then
  COMPOSE=(docker compose)
elif command -v docker-compose >/dev/null; then
  COMPOSE=(docker-compose)
else
  give_up "neither 'docker compose' nor docker-compose is installed"
fi

# Readable by us alone: it holds the passwords.
work="$(mktemp -d "${TMPDIR:-/tmp}/reprise-verify.XXXXXX")"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The environment goes over the file in compose: what the caller has set is noted, then out of the way.
env | grep '^REPRISE_' >"$work/asked"
unset "${REQUIRED[@]}" REPRISE_{REDIS,ETCD,MINIO,MILVUS,GATEWAY,PROMETHEUS,GRAFANA}_IMAGE OPENAI_API_KEY \
  REPRISE_{REDIS,MILVUS,GATEWAY,PROMETHEUS,GRAFANA}_PORT REPRISE_{REDIS_MAXMEMORY,GATEWAY_MEMORY,UPSTREAM,API_KEY_ENV}

daemon_answers || start_daemon
say "Docker $(timeout 10 docker version --format '{{.Server.Version}}'), ${COMPOSE[*]} $("${COMPOSE[@]}" version --short)"
choose_images
say "images: $images"

redis_port="$(asked_for REPRISE_REDIS_PORT)"
milvus_port="$(asked_for REPRISE_MILVUS_PORT)"
redis_port="${redis_port:-$(free_port)}"
milvus_port="${milvus_port:-$(free_port)}"
gateway_port="$(free_port)"
prometheus_port="$(free_port)"
grafana_port="$(free_port)"
"$HERE/make-env.sh" "$work/env" >/dev/null || give_up "no passwords could be made"
{
  echo "REPRISE_REDIS_PORT=$redis_port"
  echo "REPRISE_MILVUS_PORT=$milvus_port"
  echo "REPRISE_GATEWAY_PORT=$gateway_port"
  echo "REPRISE_PROMETHEUS_PORT=$prometheus_port"
  echo "REPRISE_GRAFANA_PORT=$grafana_port"
  echo "REPRISE_GATEWAY_IMAGE=$GATEWAY_IMAGE"
  echo "REPRISE_UPSTREAM=http://upstream:8000/v1"
  for name in "${!chosen[@]}"; do echo "REPRISE_${name}_IMAGE=${chosen[$name]}"; done
} >>"$work/env"
redis_password="$(sed -n 's/^REPRISE_REDIS_PASSWORD=//p' "$work/env")"
milvus_token="root:$(sed -n 's/^REPRISE_MILVUS_ROOT_PASSWORD=//p' "$work/env")"
admin_token="$(sed -n 's/^REPRISE_ADMIN_TOKEN=//p' "$work/env")"
mark="mark$RANDOM$RANDOM"

for name in "${REQUIRED[@]}"; do
  check "compose refuses to start without $name" refuses_without "$name"
done

say "bringing the stack up on 127.0.0.1, Redis at $redis_port, Milvus at $milvus_port"
stack_begun=yes
begin=$SECONDS
if ! bring_up; then
  check_failed "the stack comes up healthy"
  tail -n 10 "$work/up.log"
  compose ps
  compose logs --tail 15 2>&1 | cut -c 1-300
  exit 1
fi
check_passed "the stack comes up healthy ($((SECONDS - begin)) s)"

check "ports are published on the loopback address only, etcd and object store not at all" published_as_meant "${SERVICES[@]}"
check "Redis listens on its published port" redis_port_open
check "Redis refuses without a password" redis_refuses ""
check "Redis refuses a wrong password" redis_refuses "wrong"
check "Redis answers with its password" redis_answers "$redis_password"
check "Milvus lets in with its token" within 60 milvus_lets_in "$milvus_token"
check "Milvus refuses without a token" milvus_refuses ""
check "Milvus refuses its well-known default password" milvus_refuses "root:Milvus"
check "Redis and Milvus take data" write_marks
check "and give it back" within 60 marks_there

if [ "$stack_only" = yes ]; then
  for service in "${SERVICES[@]}"; do
    check "$service is killed, started again, healthy, and the data is still there" kill_idle "$service"
  done
else
  gateway_on_the_stack
  check "the demo runs on the stack, no call fails" demo_alone
  for service in "${SERVICES[@]}"; do
    check "the demo goes on while $service is killed and started again, no call fails, the data is still there" \
      demo_survives "$service"
  done
  check "the integration tests pass on the stack" integration_tests
fi

[ "$failed" = 0 ]
