PYTHON ?= .venv/bin/python
BIN = $(dir $(PYTHON))

.PHONY: check format lint types imports test bench

check: lint types imports test  ## everything that must hold before a change lands

format:
	$(BIN)ruff check --fix .
	$(BIN)ruff format .

lint:
	$(BIN)ruff check .
	$(BIN)ruff format --check .

types:
	$(BIN)mypy

imports:
	$(BIN)lint-imports

test:
	$(PYTHON) -m pytest -n 2 --cov --cov-report=term

bench:
	for each in benchmarks/bench_*.py; do $(PYTHON) $$each || exit 1; done
