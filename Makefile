# Genjin: everything a person or CI does here. `make run` needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PEERS  := .venv-peers
NODE_PEERS := tests/bench/peers/node

# Where bytecode is not to be written, every process that a test starts would compile hundreds of modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-faults lint format attack bench demo lock clean

help:
	@echo "make run          start Postgres, API, notifier and a demo receiver on this machine"
	@echo "make demo         play a scenario against a running 'make run'"
	@echo "make test         everything that must hold, on a real Postgres"
	@echo "make test-faults  the same under kill -9"
	@echo "make lint         ruff, mypy, import contracts"
	@echo "make format       let ruff rewrite what it can"
	@echo "make attack       writers that break logs, on our log and on two other schemes"
	@echo "make bench        the speed table of this machine"
	@echo "make lock         resolve the locked dependencies again"
	@echo "make clean        remove the virtual environment, caches and demo data"

run: $(VENV)/ready
	@exec $(BIN)/python -m genjin_deploy.run

demo: $(VENV)/ready
	@$(BIN)/python -m genjin_deploy.demo

test: $(VENV)/ready
	@echo "== tests"
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not faults and not soak" $(ARGS)

test-faults: $(VENV)/ready
	@echo "== fault tests (kill -9 under load)"
	@$(BIN)/python -m pytest -m "faults and not soak" $(ARGS)

lint: $(VENV)/ready
	@echo "== ruff check"
	@$(BIN)/ruff check
	@echo "== ruff format"
	@$(BIN)/ruff format --check
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/ready
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

attack: $(VENV)/ready
	@$(BIN)/python -m tests.attack

bench: $(VENV)/ready $(PEERS)/ready $(NODE_PEERS)/node_modules/ready
	@$(BIN)/python -m tests.bench $(ARGS)

# --- the virtual environment: redone when the lock changes, the editable install when pyproject does

$(VENV)/locked: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Genjin needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "== making the virtual environment in $(VENV)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@echo "== installing the locked dependencies (about a minute)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# The build backend is in the lock, so this step fetches nothing.
$(VENV)/ready: $(VENV)/locked pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@

# The library that `make bench` measures beside ours has a virtual environment of its own.
$(PEERS)/ready: requirements/peers.txt | $(VENV)/ready
	@echo "== installing the bench's peer from PyPI in $(PEERS)"
	@rm -rf $(PEERS)
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch $@

# Those from npm, where there is one; where not, the table says that they are not installed.
$(NODE_PEERS)/node_modules/ready: $(NODE_PEERS)/package-lock.json
	@if ! command -v npm >/dev/null; then echo "== no npm here: the bench goes on without its peers from there"; \
	elif echo "== installing the bench's peers from npm" && npm ci --loglevel=error --prefix $(NODE_PEERS); then touch $@; \
	else echo "== npm could not install them: the bench goes on without"; fi

# --- the locks: hashes for every file, no download addresses

UV_COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-header \
  --custom-compile-command "make lock"

lock: $(VENV)/ready
	@echo "== resolving requirements/api.txt, notifier.txt, dev.txt, peers.txt"
	@$(UV_COMPILE) pyproject.toml --all-extras --output-file requirements/dev.txt
	@$(UV_COMPILE) pyproject.toml --extra api --constraints requirements/dev.txt --output-file requirements/api.txt
	@$(UV_COMPILE) pyproject.toml --extra notifier --constraints requirements/dev.txt --output-file requirements/notifier.txt
	@$(UV_COMPILE) requirements/peers.in --output-file requirements/peers.txt
	@echo "== resolving $(NODE_PEERS)/package-lock.json"
	@npm update --package-lock-only --loglevel=error --prefix $(NODE_PEERS)

clean:
	rm -rf $(VENV) $(PEERS) $(NODE_PEERS)/node_modules .genjin .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find shared services deploy tests -name __pycache__ -type d -prune -exec rm -rf {} +
