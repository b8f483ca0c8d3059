# Needs only Python 3.11+ and make; `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLOUDS := aws gcp azure
SPEC ?= stacks/prod.py
N ?= 1000
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-20s %s\n", $$1, $$2}'

# a fresh environment has no bytecode: what one process compiled, the next ones read
export PYTHONDONTWRITEBYTECODE :=

# uv installs the locked wheels and checks their hashes; if uv is missing, pip installs it into .venv-uv
UV := $(shell command -v uv 2>/dev/null || echo .venv-uv/bin/uv)

.venv-uv/bin/uv:
	@$(PYTHON) -m venv .venv-uv && .venv-uv/bin/python -m pip install --quiet --disable-pip-version-check uv

$(STAMP): requirements.lock pyproject.toml $(filter .venv-uv/bin/uv,$(UV))
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: setup
setup: $(STAMP) ## Create .venv with the locked packages

.PHONY: demo
demo: $(STAMP) ## Plan production on all three clouds: no account, no credentials, no Pulumi
	@$(BIN)/mlplatform plan $(SPEC)

.PHONY: test
test: $(STAMP) ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist worksteal -q

.PHONY: test-thorough
test-thorough: $(STAMP) ## Run the slow tests that `make test` leaves to CI
	@MLPLATFORM_PROVE=all $(BIN)/python -m pytest -n auto --dist worksteal -q -m thorough

.PHONY: cover
cover: $(STAMP) ## Run the tests with branch coverage; takes twice as long
	@$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered -q

.PHONY: lint
lint: $(STAMP) ## Check types, style and import layers
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache && $(BIN)/pyright

.PHONY: goldens
goldens: $(STAMP) ## Rewrite the goldens and generated documents; read the diff before committing it
	@$(BIN)/python -m mlplatform.package.derive
	@$(BIN)/python -m pytest -q tests/golden tests/package tests/strings/test_readers.py \
		tests/plan/cost/test_prices_page.py tests/plan/cost/test_cost_page.py tests/plan/cost/test_stacks.py tests/cli/test_command_page.py \
		tests/capabilities/test_field_resources.py tests/pages/test_commands.py tests/catalog/test_independent.py \
		tests/release/test_changelog.py tests/spec/test_overlays.py --update-goldens
	@MLPLATFORM_PROVE=all $(BIN)/python -m pytest -q tests/review/edits tests/review/test_history.py --update-goldens
	@$(BIN)/mlplatform schema > platform/mlplatform/schemas/spec.json
	@$(BIN)/mlplatform schema --record > platform/mlplatform/schemas/record.json
	@$(BIN)/mlplatform schema --format markdown > docs/spec.md
	@$(BIN)/mlplatform matrix --format markdown > docs/parity.md

.PHONY: resources
resources: $(STAMP) ## Rewrite docs/resources.md, from a field to its resources; takes minutes
	@$(BIN)/python -m tests.capabilities.field_resources

.PHONY: scaffold-capability
scaffold-capability: $(STAMP) ## Write the files of a new capability: make scaffold-capability NAME=label_store
	@$(BIN)/python templates/capability/scaffold.py $(NAME)

.PHONY: rehearse
rehearse: $(STAMP) ## Rehearse every stack on Pulumi's engine, with changes and faults; needs pulumi on PATH
	@MLPLATFORM_REHEARSE=1 $(BIN)/python -m pytest -q -p no:cacheprovider -rA tests/engine

.PHONY: prove-matrix
prove-matrix: $(STAMP) ## Prove every cell of docs/parity.md, and every edit of the review's table; part of test-thorough
	@MLPLATFORM_PROVE=all $(BIN)/python -m pytest -n auto --dist worksteal -q tests/capabilities/test_every_cell_is_proven.py tests/review/edits

.PHONY: prove
prove: $(STAMP) ## Prove the plans with the tools of those who run them; one proof: make prove ONE=prometheus
	@UV="$(UV)" $(BIN)/python -m tests.proofs.run $(ONE)

.PHONY: loop
loop: $(STAMP) ## A model decays, is noticed, explained and replaced, on this machine: make loop ARGS=--no-shift
	@UV="$(UV)" $(BIN)/python -m tests.proofs.inside loop examples/loop/story.py $(ARGS)

.PHONY: docs
docs: $(STAMP) ## Build the documentation site in .docs/site; a broken link is an error
	@UV="$(UV)" $(BIN)/python -m tests.proofs.inside site docs/site/build.py

.PHONY: prove-all
prove-all: $(STAMP) ## Also the slow proofs; writes the result to docs/verification.md
	@UV="$(UV)" $(BIN)/python -m tests.proofs.run --all

.PHONY: prove-lock
prove-lock: $(STAMP) ## Update the locks of the proofs' tools: make prove-lock ONE=prometheus
	@UV="$(UV)" $(BIN)/python -m tests.proofs.lock $(ONE)

.PHONY: bench
bench: $(STAMP) ## Compare plan, validate and growth with a minimum that is measured in the same run
	@$(BIN)/python benchmarks/run.py

.PHONY: bench-drift
bench-drift: $(STAMP) ## The monitor's false alarms and power over 1,000 seeds, and its memory with ten million rows; libraries of the field beside it
	@PATH="$(dir $(abspath $(UV))):$$PATH" UV="$(UV)" $(BIN)/python benchmarks/drift.py

.PHONY: fuzz
fuzz: $(STAMP) ## Plan N random specs on all three clouds, and replace values in documents: make fuzz N=10000
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/fuzz --fuzz-examples $(N)

.PHONY: lock
lock: ## Update requirements.lock from pyproject.toml
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--extra all --extra steps --extra dashboards --group dev --no-emit-package mlplatform --custom-compile-command "make lock" \
		pyproject.toml -o requirements.lock

.PHONY: release-check
release-check: $(STAMP) ## What a release must be: equal builds, and the first minutes from the wheel, by pip and uv, on every Python found
	@UV="$(UV)" MLPLATFORM_PROVE=all MLPLATFORM_PYTHONS=$(or $(PYTHONS),found) \
		$(BIN)/python -m pytest -q -p no:cacheprovider -rA tests/release tests/package/test_first_minutes.py

.PHONY: changelog
changelog: $(STAMP) ## Write the section of a release from the fragments in changelog.d: make changelog VERSION=0.2.0
	@$(BIN)/python -m tests.release.changelog $(VERSION)

.PHONY: sbom
sbom: $(STAMP) ## The wheel, the source archive and the bill of materials of an installation, in dist/
	@rm -rf dist && $(BIN)/python -m hatchling build -d dist
	@UV="$(UV)" $(BIN)/python -m tests.proofs.inside sbom tests/proofs/sbom/bill.py dist/*.whl dist/mlplatform.cdx.json

.PHONY: clean
clean: ## Remove the environments and caches
	@rm -rf $(VENV) .venv-uv .proofs .docs .pytest_cache .ruff_cache .hypothesis .coverage
