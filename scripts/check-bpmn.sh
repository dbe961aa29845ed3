#!/usr/bin/env bash
# Writes the BPMN of the library's workflows (or of the files named), checks it with bpmnlint and opens every file with bpmn-js in
# headless Chromium. Any complaint of either is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${CARGO_TARGET_DIR:-target}/bpmn
rm -rf "$out" && mkdir -p "$out/tools"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
  browser=$(command -v chromium)
fi
[ -n "$browser" ] || { echo "check-bpmn: needs Chromium" >&2; exit 1; }

cargo build --quiet --workspace --example draw
"${CARGO_TARGET_DIR:-target}/debug/examples/draw" "$out/files" "$@"

cat >"$out/tools/package.json" <<'JSON'
{"private": true, "devDependencies": {"bpmn-js": "18.31.1", "bpmnlint": "11.15.0"}}
JSON
echo '{"extends": "bpmnlint:recommended"}' >"$out/tools/.bpmnlintrc"
(cd "$out/tools" && npm install --silent --no-audit --no-fund --no-package-lock)

files=("$out"/files/*.bpmn)
(cd "$out/tools" && npx bpmnlint --max-warnings 0 ../files/*.bpmn)

node scripts/check-bpmn.mjs "$out" >"$out/page.html"
"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --user-data-dir="$(mktemp -d)" --virtual-time-budget=120000 --dump-dom "file://$(realpath "$out/page.html")" \
  >"$out/dom.html" 2>"$out/browser.log"
awk '/<pre id="said">bpmn-js: [0-9]/ { on = 1 } on { print } on && /<\/pre>/ { exit }' "$out/dom.html" | sed 's/.*<pre id="said">//; s/<\/pre>.*//'
grep -q "bpmn-js: ${#files[@]} of ${#files[@]} files opened, 0 complaints" "$out/dom.html"
