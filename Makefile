# Python 3.11 or newer and make are all that must be there beforehand. Nothing is fetched twice: each target leaves a
# stamp, and a second run needs no network.
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/.stamps
# Where a machine forbids Python to keep what it has compiled, each of our many processes would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo run install build test test-long lint format lock wheel clean

## demo: everything from nothing to a served demo dealership on 127.0.0.1:8000; a second start keeps the data
demo: install build
	$(BIN)/python -m kedang demo

## run: serve what is in var/
run: install build
	$(BIN)/python -m kedang serve

install: $(STAMPS)/installed

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit("Kedang needs Python 3.11 or newer; try make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	mkdir -p $(STAMPS)
	touch $@

$(STAMPS)/locked: $(STAMPS)/venv requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

$(STAMPS)/installed: $(STAMPS)/locked pyproject.toml CHANGELOG.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation --editable .
	touch $@

## build: style sheet and scripts (git-ignored) and message catalogues
build: $(STAMPS)/assets $(STAMPS)/messages

ASSETS := $(shell find src/kedang/web/assets frontend -type f 2>/dev/null)
$(STAMPS)/assets: $(STAMPS)/installed package.json package-lock.json tools/frontend.py $(ASSETS)
	$(BIN)/python tools/frontend.py
	touch $@

CATALOGUES := $(shell find src/kedang -name '*.po' 2>/dev/null)
$(STAMPS)/messages: $(STAMPS)/installed tools/messages.py $(CATALOGUES)
	$(BIN)/python tools/messages.py compile
	touch $@

## test: everything but the long runs; what cannot run is named in the last lines
test: install build
	$(BIN)/python tools/suite.py

## test-long: fuzzing, long random runs, benches
test-long: install build
	$(BIN)/python tools/suite.py long

## lint: style, types, imports
lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## lock: write requirements.lock and requirements-dev.lock anew
lock: install
	$(BIN)/python -m pip install --quiet pip-tools
	tools/lock.sh

## wheel: a wheel that needs no Node
wheel: build
	$(BIN)/hatchling build -t wheel

clean:
	rm -rf .venv build dist node_modules src/kedang/web/static/dist .pytest_cache .mypy_cache .ruff_cache
