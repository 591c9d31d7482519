# `make demo` and `make test` need nothing but Python (3.11 or newer) and make; each sets itself up.

PYTHON ?= python3
RESOLUTION ?= lowest-direct
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-long lint format bench bench-evaluate bench-calibrators bench-choice bench-intervals \
  bench-training bench-peers docs check-light check-lowest check-extras fuzz clean

demo: $(READY)
	$(BIN)/calibrant demo

test: $(READY) lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadfile

test-long: $(READY)
	$(BIN)/python -m pytest -m long

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m sphinx -E -a -q -W --keep-going -d build/doctrees docs build/site
	@echo build/site/index.html

bench: $(READY)
	$(BIN)/python benchmarks/temperature.py

bench-evaluate: $(READY)
	$(BIN)/python benchmarks/evaluate.py

bench-calibrators: $(READY)
	$(BIN)/python benchmarks/calibrators.py

bench-choice: $(READY)
	$(BIN)/python -m benchmarks.choice_rules

bench-intervals: $(READY)
	$(BIN)/python benchmarks/interval_coverage.py
	$(BIN)/python benchmarks/class_interval_coverage.py

bench-training: $(READY)
	$(BIN)/python benchmarks/training.py

# The wheel in a fresh environment with the core dependencies alone.
check-light: $(READY)
	$(BIN)/python -m tools.check_light

# The arithmetic with the lowest versions of its dependencies. PYTHON and RESOLUTION choose others.
check-lowest: $(READY)
	PYTHON=$(PYTHON) RESOLUTION=$(RESOLUTION) $(BIN)/python -m tools.check_lowest

# An environment for each extra, EXTRAS="plot report" for some of them. Gigabytes and minutes: not part of the tests.
check-extras: $(READY)
	$(BIN)/python -m tools.check_extras $(EXTRAS)

# What reads foreign bytes, fuzzed for so many minutes of CPU time a target, two at a time; TARGET names some of them.
TARGET ?=
MINUTES ?= 10
FUZZ ?= build/fuzz

fuzz: $(READY)
	@uv=$$(command -v uv || echo .uv/bin/uv); $$uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group fuzz
	OMP_NUM_THREADS=1 $(BIN)/python -m tools.fuzz.campaign $(TARGET) --into $(FUZZ) --minutes $(MINUTES)
	$(BIN)/python -m tools.fuzz.summary $(FUZZ)

PEERS := .venv-peers

bench-peers: $(READY)
	@uv=$$(command -v uv || echo .uv/bin/uv); test -x $(PEERS)/bin/python || $$uv venv --quiet $(PEERS); \
	  $$uv pip install --quiet --python $(PEERS)/bin/python --constraint constraints.txt --editable '.' \
	  --requirement benchmarks/peers/requirements.txt
	$(PEERS)/bin/python -m benchmarks.peers

# uv makes the environment; where it is not installed, it comes from PyPI into a folder beside it.
$(READY): pyproject.toml constraints.txt
	@if command -v uv >/dev/null 2>&1; then uv=uv; else \
	  $(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check uv && uv=.uv/bin/uv; fi; \
	test -x $(BIN)/python || $$uv venv --quiet --python "$$(command -v $(PYTHON))" $(VENV); \
	$$uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[all]' --group dev --group docs
	@touch $(READY)

clean:
	rm -rf $(VENV) .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis
