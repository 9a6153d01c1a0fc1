# `make demo` and `make test` need python3 and nothing else; the environment is kept in .venv and made once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= $(DEDUP_DATA)

.PHONY: demo test bounds lint bench fit clean

demo: $(VENV)/run.stamp
	$(BIN)/dedup cluster seeds/

test: $(VENV)/test.stamp  # in the order of names: the files with few tests, which would come last, take longest
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bounds: $(VENV)/test.stamp  # the kernels with every access to an array checked: a cache of its own, which sees no other code
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=$(VENV)/bounds $(BIN)/python -m pytest -n auto tests/test_kernels_*.py tests/test_packing.py tests/test_stories.py

lint: $(VENV)/test.stamp
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/bench.stamp
	$(BIN)/python benchmarks/quality.py --data "$(DATA)"
	$(BIN)/python benchmarks/speed.py --data "$(DATA)"
	$(BIN)/python benchmarks/scale.py

fit: $(VENV)/bench.stamp
	$(BIN)/python benchmarks/fit.py --data "$(DATA)"
	$(BIN)/python benchmarks/fit_stories.py --data "$(DATA)"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/test.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,bench]'
	@touch $@ $(VENV)/test.stamp $(VENV)/run.stamp

clean:
	rm -rf dedup/kernels/__pycache__ $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
