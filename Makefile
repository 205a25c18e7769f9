# `make run` and `make test` are all a newcomer needs; the environment is made by itself.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 5000
BIN := .venv/bin

.PHONY: run install test bench coverage check fix lock audit licences help

help: ## say what each target does
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/:/'

run: .venv/run ## serve the site on 127.0.0.1:5000 (PORT=8000 for another port), with its mail; Ctrl+C ends both
	@$(BIN)/python scripts/run.py $(PORT)

install: .venv/run ## install what the site needs, make its database or bring it up to date, and load the summaries into a new one
	@FLASK_SKIP_DOTENV=1 $(BIN)/flask db upgrade
	@FLASK_SKIP_DOTENV=1 $(BIN)/flask library load --if-empty

test: .venv/dev ## run every test; those of a database again on PostgreSQL, where TEST_POSTGRESQL names a server
	@$(BIN)/python -m pytest -n 2 --dist loadgroup
	@if [ -n "$$TEST_POSTGRESQL" ]; then $(BIN)/python -m pytest -n 2 --dist loadgroup --on-postgresql; \
	else echo "SKIPPED on PostgreSQL: TEST_POSTGRESQL names no server (README.md says how)."; [ -z "$$CI" ]; fi

coverage: .venv/dev ## run every test, and name the lines and branches of the site that none of them reached
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term-missing:skip-covered

bench: .venv/dev ## measure speed, growth and memory, and write benchmarks/RESULTS.md; an hour
	@$(BIN)/python -m benchmarks

check: .venv/dev ## lint, format, types, templates
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet webapp/templates

fix: .venv/dev ## put imports and format right
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

LOCK := --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header

lock: .venv/dev ## compile the exact versions and their hashes anew
	@$(BIN)/pip-compile --quiet $(LOCK) --output-file requirements.txt pyproject.toml
	@$(BIN)/pip-compile --quiet $(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

audit: .venv/dev ## list every part in sbom.json, and ask whether faults are known in one
	@$(BIN)/python -m deploy.audit

licences: .venv/dev ## the licences of what we depend on, as README.md shows them
	@$(BIN)/python -m deploy.dependencies

# Asked each time, since only the lists themselves say whether the environment is what they name.
.PHONY: .venv/run .venv/dev
.venv/run .venv/dev:
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@"$(PYTHON)" scripts/environment.py $(notdir $@)
