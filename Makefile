# Gnothi: `make run` starts the assistant, `make test` runs everything that proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
export GNOTHI_DATA ?= $(abspath $(wildcard ../shared/data))
export OMP_NUM_THREADS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run setup test check train bench clean

help: ## show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.light: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.setup: $(VENV)/.light
	$(PIP) --editable '.[train,lab,dev,postgresql]'
	@touch $@

run: $(VENV)/.light ## start the assistant and print the address of its page
	@$(BIN)/gnothi run

setup: $(VENV)/.setup ## install everything for development

test: $(VENV)/.setup ## run the tests, on two cores
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

check: $(VENV)/.setup ## lint, types, imports, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest tests/docs

train: $(VENV)/.setup ## train the shipped models again (needs GNOTHI_DATA)
	$(BIN)/gnothi-train language --data shipped --out build/language

bench: $(VENV)/.setup ## run every benchmark and write docs/results.md
	$(BIN)/gnothi-lab run all
	$(BIN)/gnothi-lab report

clean: ## remove what was made
	rm -rf $(VENV) build .pytest_cache .ruff_cache .hypothesis
