# `make run` and `make test` are all a newcomer needs; the environment is made by itself.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 5000
BIN := .venv/bin

.PHONY: run test check fix lock audit licences help

help: ## say what each target does
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/:/'

run: .venv/run ## serve the site on 127.0.0.1:5000 (PORT=8000 for another port), with its mail; Ctrl+C ends both
	@$(BIN)/flask db upgrade
	@$(BIN)/flask library load --if-empty
	@[ -n "$$SITE_URL" ] || grep -qs '^SITE_URL=' .env || export SITE_URL=http://127.0.0.1:$(PORT); \
	$(BIN)/flask work & work=$$!; \
	$(BIN)/flask run --port $(PORT) & site=$$!; \
	trap 'kill $$work $$site 2>/dev/null; wait' EXIT; trap 'exit 0' HUP INT TERM; \
	wait $$site

test: .venv/dev ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

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

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make run PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.txt
	@echo "Installing what the site needs (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@touch $@

.venv/dev: .venv/bin/python requirements.txt requirements-dev.txt
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@ .venv/run
