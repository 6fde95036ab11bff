# make run     start the server; ARGS="--port 8080" passes options on
# make test    style, types, all tests, those in the browser included
# make test-workers    the tests in the browser once more, on two workers, the moderator apart from everybody else
# make lint, make types, make pytest    one of them; make pytest ARGS="tests/log -k clock"
# make clean   forget the virtual environment and the caches; data/ stays

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

export PYTHON

.PHONY: run test lint types pytest test-workers system clean
.DEFAULT_GOAL := run

run: $(VENV)/installed
	@exec $(BIN)/python run.py $(ARGS)

test: lint types pytest

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

pytest: $(VENV)/installed-dev system
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

test-workers: $(VENV)/installed-dev system
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/browser --workers-apart $(ARGS)

system:
	@.ci/system

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). PYTHON=… names another." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "No virtual environment could be made. On Debian: apt-get install python3-venv" >&2; exit 1; }

# Installed again only when the list changes: the second start is as quick as Python is.
$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what requirements.txt pins (once) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt requirements-dev-alone.txt | $(BIN)/python
	@echo "Installing what requirements-dev.txt pins (once) …"
	@$(PIP) -r requirements-dev.txt
	@$(PIP) --no-deps -r requirements-dev-alone.txt
	@touch $@ $(VENV)/installed

# A bare Debian may lack the venv module itself.
test lint types pytest test-workers: | system

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './node_modules/*' -prune -exec rm -rf {} +
