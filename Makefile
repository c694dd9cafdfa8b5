# Python 3.11 or newer and make are all that must be there beforehand.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install test test-long lint format clean

install: .venv/.installed

.venv/.installed: requirements-dev.lock pyproject.toml CHANGELOG.md
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lint: install
	$(BIN)/ruff check src tests bench tools
	$(BIN)/ruff format --check src tests bench tools
	$(BIN)/mypy
	$(BIN)/lint-imports

test: install lint
	$(BIN)/python -m pytest -n 2 -m "not long"
	$(BIN)/kedang policy cases --all
	$(BIN)/kedang policy coverage --all

test-long: install
	$(BIN)/python -m pytest -m long

format: install
	$(BIN)/ruff check --fix src tests bench tools
	$(BIN)/ruff format src tests bench tools

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
