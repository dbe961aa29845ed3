# Every command there is. `make run` and `make test` need nothing but Rust (and a C compiler, as Rust itself does).

.PHONY: run test ci ci-full openapi fmt lint migrate spec-lint schemathesis clients doc bench faults bpmn properties

# The whole workspace is built each time: a single crate would be built with other features, and half the tree anew.
BUILD = cargo build --workspace
BATON = $${CARGO_TARGET_DIR:-target}/debug/baton
# What a landing is judged by is the same each time; `make ci-full` looks further, at random.
SEED_OF_CI = 20261122
REDOCLY = npx --yes @redocly/cli@2.77.0

run: ## serve the demo firm and Swagger UI on http://127.0.0.1:8080/docs
	$(BUILD)
	$(BATON) serve --demo

test: ## all tests, on SQLite and on a PostgreSQL of their own
	$(BUILD)
	scripts/with-postgres.sh cargo test --workspace -- --include-ignored

fmt:
	cargo fmt --all

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

openapi: ## write openapi/openapi.json from the code
	$(BUILD)
	$(BATON) openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

migrate:
	$(BUILD)
	$(BATON) migrate

spec-lint:
	$(REDOCLY) lint --config openapi/redocly.yaml openapi/openapi.json

schemathesis: ## twice 60 seconds of generated requests with every check; SEED=N tries the same again
	$(BUILD)
	scripts/schemathesis.sh 60 $(SEED)

clients: ## generated TypeScript and Python clients
	scripts/generate-clients.sh

# The domain depends on little, so that it may be built alone.
properties: ## the rules on 5,000 random firms, plans and runs each; CASES=n
	PROPTEST_CASES=$(or $(CASES),5000) cargo test -p domain --lib

faults: ## every statement fails in turn, and everything dies under load; KILLS=n times instead of 20
	$(BUILD)
	BATON_TEST_LONG=1 BATON_TEST_KILLS=$(KILLS) BATON_TEST_POSTGRES=required scripts/with-postgres.sh \
		cargo test --workspace --test api faults:: -- --include-ignored --nocapture --test-threads 2

bpmn: ## bpmnlint and bpmn-js on the BPMN of every library workflow
	scripts/check-bpmn.sh

bench: ## what requests cost, beside pgbench with the same statements; BENCH_SCALE=small takes a few minutes
	cargo build --workspace --release
	BATON_TEST_POSTGRES=required BATON_TEST_DURABLE=1 scripts/with-postgres.sh $${CARGO_TARGET_DIR:-target}/release/bench

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

ci: ## what each landing must pass: installs what it needs, requires PostgreSQL
	scripts/install-ci-tools.sh
	$(MAKE) lint
	PROPTEST_RNG_SEED=$(SEED_OF_CI) BATON_TEST_POSTGRES=required $(MAKE) test
	$(MAKE) spec-lint
	$(MAKE) schemathesis SEED=$(SEED_OF_CI)

ci-full: ci ## what a capability must pass before it is called done
	$(MAKE) schemathesis
	$(MAKE) properties
	$(MAKE) faults
	$(MAKE) doc
	$(MAKE) clients
	$(MAKE) bpmn
	$(MAKE) bench
