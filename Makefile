# What people type. Each target sets up what it needs; only Python 3.11+ (with venv), git and make must be there.
.DEFAULT_GOAL := check
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
SOURCES := crypto protocol node tests

.PHONY: help setup fmt lint types check test test-unit test-all fuzz bench demo run wheel lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

# --- setting up ---------------------------------------------------------------

$(VENV)/.pip: requirements/pip.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Kith needs Python 3.11 or later; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "[1/3] virtual environment" >&2
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PIP) install --quiet --require-hashes -r requirements/pip.txt
	@touch $@

$(VENV)/.server: $(VENV)/.pip requirements/server.txt pyproject.toml
	@echo "[2/3] libraries (locked, with hashes)" >&2
	@$(PIP) install --require-hashes -r requirements/server.txt >&2
	@echo "[3/3] Kith itself" >&2
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.server requirements/dev.txt
	@echo "[dev] tools for tests and checks (locked, with hashes)" >&2
	@$(PIP) install --require-hashes -r requirements/dev.txt >&2
	@touch $@

setup: $(VENV)/.dev  ## make .venv with everything a developer needs

# --- what people run ----------------------------------------------------------

demo: $(VENV)/.server  ## five communities on this machine find mentors across each other
	@$(BIN)/kith demo $(ARGS)

run: $(VENV)/.server  ## one development node on loopback
	@$(BIN)/kith demo --nodes 1 --offers 60 $(ARGS)

# --- checks -------------------------------------------------------------------

fmt: $(VENV)/.dev  ## format and mend
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

lint: $(VENV)/.dev  ## style, import rules, dependencies
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

types: $(VENV)/.dev  ## mypy, strict
	@$(BIN)/mypy

check: lint types  ## lint and types

test-unit: $(VENV)/.dev  ## the quick part, with coverage
	@$(BIN)/pytest -m "not e2e and not slow" --cov --cov-branch --cov-report=term $(ARGS)

test: $(VENV)/.dev  ## all tests but the slow ones
	@$(BIN)/pytest -m "not slow" $(ARGS)

test-all: $(VENV)/.dev  ## the slow ones, too
	@$(BIN)/pytest $(ARGS)

fuzz: $(VENV)/.dev  ## new examples for the property tests, many of them
	@KITH_TEST_PROFILE=fuzz $(BIN)/pytest -m "not e2e and not slow" $(ARGS)

bench: $(VENV)/.dev  ## measure, side by side with the raw limits
	@PYTHONPATH=tests/support $(BIN)/python tests/bench/run.py $(ARGS)

wheel: $(VENV)/.dev  ## build sdist and wheel, try the wheel in a clean environment
	@rm -rf dist build/wheel
	@$(BIN)/python -m build --no-isolation --outdir dist .
	@$(PYTHON) -m venv build/wheel
	@build/wheel/bin/python -m pip install --quiet --require-hashes -r requirements/pip.txt
	@build/wheel/bin/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@build/wheel/bin/python -m pip install --quiet --no-deps dist/*.whl
	@build/wheel/bin/kith --help
	@build/wheel/bin/pytest -q -m "not e2e and not slow" -p no:cacheprovider

lock:  ## renew requirements/*.txt (needs uv on the path)
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	  --extra server --group build pyproject.toml -o requirements/server.txt
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	  --extra server --group build --group dev pyproject.toml -o requirements/dev.txt
	@echo 'pip>=25.3' | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet - -o requirements/pip.txt

clean:  ## remove what was built
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
