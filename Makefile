# Every command there is. `make run` and `make test` need nothing but Rust (and a C compiler, as Rust itself does).

.PHONY: run test ci ci-full openapi fmt lint migrate spec-lint schemathesis clients doc

REDOCLY = npx --yes @redocly/cli@2.77.0

run: ## serve the demo firm and Swagger UI on http://127.0.0.1:8080/docs
	cargo run --bin baton -- serve --demo

test: ## all tests, on SQLite and on a PostgreSQL of their own
	cargo build --workspace
	scripts/with-postgres.sh cargo test --workspace -- --include-ignored

fmt:
	cargo fmt --all

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

openapi: ## write openapi/openapi.json from the code
	cargo run --quiet --bin baton -- openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

migrate:
	cargo run --bin baton -- migrate

spec-lint:
	$(REDOCLY) lint --config openapi/redocly.yaml openapi/openapi.json

schemathesis: ## 60 seconds of generated requests with every check
	cargo build --bin baton
	scripts/schemathesis.sh 60

clients: ## generated TypeScript and Python clients
	scripts/generate-clients.sh

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

ci: ## what each landing must pass: installs what it needs, requires PostgreSQL
	scripts/install-ci-tools.sh
	$(MAKE) lint
	BATON_TEST_POSTGRES=required $(MAKE) test
	$(MAKE) spec-lint

ci-full: ci ## what a capability must pass before it is called done
	$(MAKE) schemathesis
	$(MAKE) doc
	$(MAKE) clients

