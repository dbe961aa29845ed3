#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own: started here, on loopback, in a folder that is removed afterwards.
# The command finds it under TEST_DATABASE_URL, its log under TEST_DATABASE_LOG, its programs in the path. Without PostgreSQL's programs the command runs without that variable and the
# last lines say so; with BATON_TEST_POSTGRES=required that is an error. Tests on PostgreSQL are ignored unless they are asked
# for by --include-ignored, which is left out of the command where there is no server.
set -euo pipefail

programs() {
  for folder in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/pgsql-*/bin; do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && { printf '%s\n' "$folder"; return; }
  done
  found=$(command -v initdb || true)
  [ -n "$found" ] && dirname "$found"
  return 0
}

bin=$(programs | sort -V | tail -n 1)
if [ -z "$bin" ]; then
  if [ "${BATON_TEST_POSTGRES:-}" = required ]; then
    echo "error: PostgreSQL's programs (initdb, pg_ctl) were not found, and this run requires them" >&2
    exit 1
  fi
  command=()
  for word in "$@"; do
    [ "$word" = --include-ignored ] || command+=("$word")
  done
  status=0
  "${command[@]}" || status=$?
  printf '\n%s\n%s\n%s\n' \
    '!!! PostgreSQL: NOT TESTED. Its programs (initdb, pg_ctl) were not found on this machine.' \
    '!!! Only SQLite was tested. Install PostgreSQL 15 or newer and run the tests again.' \
    '!!! (make ci installs it where it can, and refuses to pass without it.)'
  exit "$status"
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/baton-postgres.XXXXXX")
# PostgreSQL refuses to run as root: there it runs as the user that its package made.
as_server() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  account=postgres
  id -u postgres >/dev/null 2>&1 || account=nobody
  chown "$account" "$home"
  as_server() { (cd "$home" && runuser -u "$account" -- "$@"); }
fi

stop() {
  as_server "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap stop EXIT

as_server "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$home/log" 2>&1 ||
  { cat "$home/log" >&2; exit 1; }

# Tests need no durability, unless they pull the plug themselves (BATON_TEST_DURABLE=1).
fast="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
[ -n "${BATON_TEST_DURABLE:-}" ] && fast=""
for try in 1 2 3 4 5; do
  port=$((20000 + (RANDOM % 20000)))
  if as_server "$bin/pg_ctl" -D "$home/data" -w -t 60 -l "$home/server.log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$home -c max_connections=200 $fast" start >/dev/null; then
    break
  fi
  [ "$try" = 5 ] && { cat "$home/server.log" >&2; exit 1; }
done

status=0
PATH="$PATH:$bin" TEST_DATABASE_LOG="$home/server.log" TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/postgres" "$@" || status=$?
exit "$status"
