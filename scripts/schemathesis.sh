#!/usr/bin/env bash
# Schemathesis against a served demo firm: SECONDS of generated requests a phase with every check, signed in as the demo's admin.
# usage: schemathesis.sh SECONDS [SEED]; without a seed every run tries something else, and prints it.
set -euo pipefail
seconds=${1:-60}
seed=${2:-}
version=4.32.5

venv=target/schemathesis
if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check "schemathesis==$version"
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/baton-schemathesis.XXXXXX")
server=""
stop() {
  [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  rm -rf "$home"
}
trap stop EXIT

port=$((20000 + (RANDOM % 20000)))
url="http://127.0.0.1:$port"
BATON_DATABASE_URL="sqlite://$home/baton.db" BATON_LOG=warn BATON_RATE_LIMITS=off \
  target/debug/baton serve --demo --listen "127.0.0.1:$port" >"$home/out" 2>"$home/log" &
server=$!
for _ in $(seq 1 100); do
  curl -fsS "$url/health/ready" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$home/log" >&2; exit 1; }
  sleep 0.1
done

token=$(curl -fsS "$url/v1/sessions" -H 'content-type: application/json' \
  -d '{"firm": "demo", "email": "admin@demo.example", "password": "demo-admin-password"}' |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')

# First every operation on its own, then chains that follow the document's links to what they have just made.
status=0
for phases in examples,coverage,fuzzing stateful; do
  "$venv/bin/schemathesis" --config-file tests/schemathesis.toml run "$url/openapi.json" \
    --url "$url" --header "Authorization: Bearer $token" --phases "$phases" --max-time "$seconds" \
    ${seed:+--seed "$seed"} || status=$?
done
if grep -qE 'panicked|"level":"ERROR"| ERROR ' "$home/log"; then
  echo "the server logged errors:" >&2
  grep -E 'panicked|"level":"ERROR"| ERROR ' "$home/log" | head -20 >&2
  status=1
fi
exit "$status"
