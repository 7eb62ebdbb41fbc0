# Two commands need nothing but Python 3.11, pip and make: `make serve` and `make test`.
# All that is made lies in hidden folders: .venv (libraries), .entente (artifact, snapshots).

PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
TESTS ?= tests
UV ?= uv
SOURCES := server tests

.DEFAULT_GOAL := help
.PHONY: help serve build test lint check fix bench lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: .venv/.installed ## set up what is missing and serve the five articles (HOST=, PORT=, ARGS=)
	@exec $(BIN)/entente serve --host "$(HOST)" --port "$(PORT)" $(ARGS)

build: .venv/.installed ## files to artifact
	@$(BIN)/entente build

test: .venv/.developing ## set up what is missing and run the tests (TESTS=)
	@$(BIN)/python -m pytest $(TESTS) $(ARGS)

lint: .venv/.developing ## format, lint, types, ontology and data
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy server/entente tests
	@$(BIN)/entente check
	@$(BIN)/entente format --check

check: lint test ## all that must hold before a commit: what CI calls

fix: .venv/.developing ## put code and Turtle into canonical form
	@$(BIN)/ruff check --fix --quiet $(SOURCES) || true
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/entente format

bench: .venv/.developing ## measure, as ratios within one run
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock: ## renew both lock files from pyproject.toml (needs uv)
	@for kind in "" -dev; do \
	  sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml | \
	  $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --quiet --upgrade - pyproject.toml \
	    $${kind:+--group pyproject.toml:dev} --output-file requirements$$kind.lock; done

clean: ## remove all that was made
	rm -rf .venv .entente .cache dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A bare Debian has venv without ensurepip, and pip outside: pip installs into another interpreter.
.venv/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@echo "installing libraries into .venv" >&2
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --require-hashes --requirement requirements.lock
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.developing: .venv/.installed requirements-dev.lock
	@echo "installing development tools into .venv" >&2
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --require-hashes --requirement requirements-dev.lock
	@touch $@
