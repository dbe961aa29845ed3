#!/usr/bin/env bash
# Generates a TypeScript and a Python client from openapi/openapi.json and type-checks them. Any complaint is an error.
set -euo pipefail
out=target/clients
rm -rf "$out" && mkdir -p "$out/typescript"

# TypeScript 7 breaks the generator: see docs/adr/0007-generated-clients.md.
cat >"$out/typescript/package.json" <<'JSON'
{"private": true, "type": "module", "devDependencies": {"openapi-typescript": "7.13.0", "typescript": "5.9.3"}}
JSON
(
  cd "$out/typescript"
  npm install --silent --no-audit --no-fund --no-package-lock
  npx openapi-typescript ../../../openapi/openapi.json --output baton.d.ts
  npx tsc --noEmit --strict --skipLibCheck false baton.d.ts
)

venv=target/python-client-generator
if [ ! -x "$venv/bin/openapi-python-client" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check openapi-python-client==0.29.1 mypy httpx attrs python-dateutil
fi
# The generator knows no YAML, of which JSON is a part; its formatter is left out, since nobody reads the files.
cat >"$out/python.yaml" <<'YAML'
content_type_overrides: {application/yaml: application/json}
post_hooks: []
YAML
log="$out/python.log"
"$venv/bin/openapi-python-client" generate --path openapi/openapi.json --output-path "$out/python" --meta none --fail-on-warning \
  --config "$out/python.yaml" \
  >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
cat "$log"
(cd "$out" && "../python-client-generator/bin/python" -m compileall -q python)
echo "both clients were generated without a complaint"
