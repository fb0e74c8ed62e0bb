# jiedai: everything runs in .venv beside this file. Needs make and Python 3.11 or newer.

# make run ARGS="demo"; make test PYTHON=python3.12; make test LONG=1
ARGS ?=
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
# What both lock tools must leave out: addresses, and anything about the machine they ran on.
LOCK_OPTIONS = --generate-hashes --strip-extras --no-header --no-annotate --no-emit-index-url
UV_COMPILE = uv pip compile --quiet --universal --python-version 3.11 --no-emit-find-links $(LOCK_OPTIONS)
PIP_COMPILE = pip-compile --quiet --allow-unsafe --no-emit-find-links --no-emit-trusted-host $(LOCK_OPTIONS)

# Compiled modules are kept, whatever the shell says: each worker of the tests would compile all of them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run demo test lint types bench readme lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

run: .venv/.run ## set up and open the program (ARGS="demo" for its arguments)
	@$(BIN)/python -I -m tui $(ARGS)

demo: .venv/.run ## set up and open the sample company
	@$(BIN)/python -I -m tui demo $(ARGS)

test: lint types ## set up and run every check: lint, import contracts, types, tests (LONG=1: the long ones, too)
	$(BIN)/python -m pytest -n 3 --dist worksteal $(if $(LONG),-m "")

lint: .venv/.dev ## ruff and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.dev ## mypy
	$(BIN)/mypy

bench: .venv/.dev ## the benchmarks, which print ratios
	$(BIN)/python -m tests.bench

readme: .venv/.dev ## draw picture, keys and the manual's tables anew
	$(BIN)/python -m tests.readme

lock: ## refresh both locks for Python 3.11 to 3.13, with the uv or pip-compile found on PATH
	@if command -v uv >/dev/null; then \
		set -- $(UV_COMPILE); \
	elif command -v pip-compile >/dev/null; then \
		set -- $(PIP_COMPILE); \
	else \
		echo "make lock needs uv or pip-tools on PATH." >&2; exit 1; \
	fi; \
	"$$@" --upgrade --extra build --output-file requirements.lock pyproject.toml && \
	"$$@" --upgrade --extra build --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

clean: ## remove the environment, caches and builds
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find models screens tui tests -name __pycache__ -prune -exec rm -rf {} +

# A stamp is removed before its setup begins: an environment without it was interrupted and is made anew.
.venv/.run: requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "jiedai needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3." >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		v=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python's venv module is missing: install the package python3-venv (or python$$v-venv)." >&2; \
		exit 1; }
	@echo "Setting up .venv; this takes a minute." >&2
	@if ! [ -e $@ ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		"$(PYTHON)" -m venv --clear .venv; \
	fi
	@rm -f $@ .venv/.dev
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	@echo "Setting up what the checks need." >&2
	@rm -f .venv/.run $@
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch .venv/.run $@
