# The first door. Every target that needs Python makes .venv itself when it is missing or older than pyproject.toml.
# ARGS="..." is handed on to the command behind a target: make generate ARGS="--target en=100,zh=100"

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/selfinstruct
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
ARGS ?=
BASE ?= HEAD
HEAD ?= outputs/demo
TRAINERS ?= .trainers

.PHONY: help install generate filter finetune diff hub report ray dataset test test-all test-trainers mutants torture check docs bench bench-trainers classifier release clean

help:  ## Show the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.core  ## Install the command alone, for a teacher of your own: no weights

generate: $(VENV)/.local  ## Generate the dataset (the demo: embedded teacher, no key)
	$(RUN) generate $(ARGS)

filter: $(VENV)/.core  ## Parse, filter, validate and emit the run again from its journal: free, offline, same bytes
	$(RUN) filter $(ARGS)

finetune: dataset $(VENV)/.finetune  ## Train an adapter on the dataset and measure it on validation rows
	$(RUN) finetune $(ARGS)

diff: $(VENV)/.core  ## Show what changed in a dataset since the last commit, or since BASE=origin/main; HEAD names the run
	$(RUN) diff $(BASE) $(HEAD) $(ARGS)

hub: $(VENV)/.hub  ## Install what `selfinstruct push` and hub:OWNER/NAME need

report: $(VENV)/.report  ## Write one offline page of the run: funnel, rejections, verbs, cost, a sample to read
	$(RUN) report $(ARGS)

ray: $(VENV)/.ray  ## Install Ray, for filter --engine ray

test: $(VENV)/.dev  ## Run the quick tests: core only, no network, no weights
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not (finetune or embedded or kill or notebook or bounds or thorough)" $(ARGS)

test-all: $(VENV)/.dev $(VENV)/.finetune $(VENV)/.local $(VENV)/.hub  ## Run the tests of fine-tuning, the embedded teacher and the notebook, those that kill runs, and floods, too
	$(BIN)/python -m pytest -n auto --dist loadfile -m "finetune or embedded or kill or notebook or bounds or thorough" $(ARGS)

test-trainers: $(VENV)/.dev $(VENV)/.finetune $(patsubst %,$(TRAINERS)/%/.made,llamafactory swift axolotl trl)  ## Compare what LLaMA-Factory, ms-swift and axolotl learn from our exports with what we learn: half an hour, 7 GB
	TRAINERS=$(abspath $(TRAINERS)) $(BIN)/python -m pytest tests/trainers/check.py $(ARGS)

mutants: $(VENV)/.dev  ## Break the code that keeps replies and money, one way at a time; the tests must notice
	$(BIN)/python -m tests.mutants $(ARGS)

torture: $(VENV)/.dev  ## Kill runs 360 times against a server that fails in every way, measure load; writes docs/reliability.md
	$(BIN)/python -m tests.torture $(ARGS)

check: $(VENV)/.dev docs  ## Format, lint, types, floors, the site
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.docs/.made  ## Build the site from docs/ into site/: strict, offline
	PYTHONPATH=.site $(VENV)/.docs/bin/zensical build --strict
	@test -z "$$(grep -L '<html lang="zh"' site/*.zh-CN.html)" || { echo 'site: a Chinese page does not say that it is Chinese; see .site/'; exit 1; }

bench: $(VENV)/.bench  ## Measure speed and memory; ARGS="FILE --write docs/benchmarks" for the filter
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python -m benchmarks.display
	$(BIN)/python -m benchmarks.journal
	$(BIN)/python -m benchmarks.rules
	$(BIN)/python -m benchmarks.diff
	$(BIN)/python -m benchmarks.filter $(ARGS)

bench-trainers: $(TRAINERS)/bench/.made  ## Compare our losses and speed with TRL's and alpaca-lora's: a quarter of an hour, 1.5 GB
	$(TRAINERS)/bench/bin/python -m benchmarks.finetune $(ARGS)

classifier: $(VENV)/.classifier/.made  ## Train the classifier behind two rules again on classifier/rows: the same rows, the same bytes
	$(VENV)/.classifier/bin/python -m classifier.train

release: $(VENV)/.release/.made  ## Build wheel and archive, and prove them in a bare environment; publishes nothing. ARGS="--tag v1.2.3" checks the tag
	$(VENV)/.release/bin/python -P .ci/release.py $(ARGS)

clean:  ## Remove the environment and caches; runs are kept
	rm -rf $(VENV) .trainers build dist site .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

dataset:
	@ls outputs/*/dataset/*.jsonl >/dev/null 2>&1 || test -n "$(findstring --dataset,$(ARGS))$(findstring --run,$(ARGS))$(SELFINSTRUCT_DATASET)$(SELFINSTRUCT_RUN)" || { echo "Makefile: there is no dataset to train on; begin with make generate, or name one with ARGS='--dataset FILE'"; exit 2; }

$(VENV)/.made: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.core: $(VENV)/.made
	@echo "Installing selfinstruct into $(VENV) ..."
	$(PIP) --editable .
	touch $@

$(VENV)/.local: $(VENV)/.core
	@echo "Installing the engine of the embedded teacher ..."
	$(PIP) --editable '.[local]'
	touch $@

$(VENV)/.hub: $(VENV)/.core
	@echo "Installing the client of the hub ..."
	$(PIP) --editable '.[hub]'
	touch $@

$(VENV)/.report: $(VENV)/.core
	@echo "Installing what draws the plots ..."
	$(PIP) --editable '.[report]'
	touch $@

$(VENV)/.ray: $(VENV)/.core
	@echo "Installing Ray, for filter --engine ray (240 MB) ..."
	$(PIP) --editable '.[ray]'
	touch $@

$(VENV)/.finetune: $(VENV)/.core
	@echo "Installing the trainer (torch and transformers; about 6 GB on Linux, where torch carries CUDA) ..."
	$(PIP) --editable '.[finetune]'
	touch $@

$(VENV)/.dev: $(VENV)/.report
	@echo "Installing the development tools ..."
	$(PIP) --requirement requirements-dev.txt
	touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "Installing what the filter is compared with ..."
	$(PIP) --requirement requirements-bench.txt
	touch $@

$(VENV)/.classifier/.made: requirements-classifier.txt
	@echo "Installing scikit-learn into $(@D) ..."
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --requirement $< --editable .
	touch $@

$(VENV)/.release/.made: .github/locked/release.txt
	@echo "Installing what builds and checks a release into $(@D) ..."
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement $<
	touch $@

$(VENV)/.docs/.made: requirements-docs.txt
	@echo "Installing what builds the site into $(@D) ..."
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(TRAINERS)/trl/.made: $(VENV)/.made
	@echo "Fetching the chat templates in TRL's package ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(@D) trl==1.16.0
	touch $@

$(TRAINERS)/bench/.made: pyproject.toml constraints.txt
	@echo "Installing the trainer and TRL into $(@D) ..."
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[finetune]' hypothesis trl==1.16.0
	touch $@

$(TRAINERS)/%/.made: tests/trainers/%.txt
	@echo "Installing $* into $(@D) ..."
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	touch $@
