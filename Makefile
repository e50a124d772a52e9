# Every target sets itself up: it needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto

.PHONY: help demo test test-deep check bench format clean

help:
	@echo "make demo       start a fake tenant, judge it, write report/"
	@echo "make test       all tests"
	@echo "make test-deep  the same proofs, run longer (every mutant against every check)"
	@echo "make check      ruff, mypy, import-linter"
	@echo "make bench      the speed figures beside their floor; CHECK=1 fails on a miss"
	@echo "make format     let ruff format and repair"

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP)
	$(BIN)/conformance demo --report report

test: $(STAMP)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m 'not deep'

test-deep: $(STAMP)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m tests.bench $(if $(CHECK),--check)

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) report .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
