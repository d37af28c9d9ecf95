# The commands of this project. ARGS="..." is handed on to the command behind a target: make generate ARGS="--target en=100,zh=100"

-include local.mk
# local.mk is this machine's own, and not in git: it names the selfinstruct that made the project. Where there is none, .venv gets the
# one below.
REPOSITORY :=
COMMIT :=

ifdef SELFINSTRUCT
RUN := $(SELFINSTRUCT)
ifneq ($(origin SELFINSTRUCT),file)
SELFINSTRUCT_EXTRA :=
endif
READY :=
TRAINER :=
else
RUN := .venv/bin/selfinstruct
READY := .venv/.made
TRAINER := .venv/.finetune
endif
PYTHON ?= python3
ARGS ?=
BASE ?= HEAD

.PHONY: help seeds check estimate generate status filter diff report finetune dataset run

help:  ## Show the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

seeds: $(READY)  ## Check the seeds
	$(RUN) seeds $(ARGS)

check: $(READY)  ## Ask the teacher one tiny question
	$(RUN) teacher check $(ARGS)

estimate: $(READY)  ## Say what a run will take; sends nothing
	$(RUN) estimate $(ARGS)

generate: $(READY)  ## Generate the dataset, or go on with it
	$(RUN) generate $(ARGS)

status: $(READY)  ## Say where the run stands
	$(RUN) status $(ARGS)

filter: $(READY)  ## Filter the run again from its journal: free, offline
	$(RUN) filter $(ARGS)

diff: $(READY)  ## Show what changed since the last commit, or since BASE=origin/main
	$(RUN) diff $(BASE) outputs/RUN_NAME $(ARGS)

report: run $(READY)  ## Write one offline page of the run
	$(if $(SELFINSTRUCT_EXTRA),@$(SELFINSTRUCT_EXTRA) report matplotlib)
	$(RUN) report $(ARGS)

finetune: dataset $(READY) $(TRAINER)  ## Train an adapter on the dataset
	$(if $(SELFINSTRUCT_EXTRA),@$(SELFINSTRUCT_EXTRA) finetune torch transformers peft accelerate safetensors)
	$(RUN) finetune $(ARGS)

run:
	@ls -d outputs/*/journal outputs/*/dataset 2>/dev/null | grep -q . || test -n "$(ARGS)$(SELFINSTRUCT_RUN)" || { echo "Makefile: there is no run to report on; begin with make generate, or name one with ARGS='--run DIR'"; exit 2; }

dataset:
	@ls outputs/*/dataset/*.jsonl >/dev/null 2>&1 || test -n "$(findstring --dataset,$(ARGS))$(findstring --run,$(ARGS))$(SELFINSTRUCT_DATASET)$(SELFINSTRUCT_RUN)" || { echo "Makefile: there is no dataset to train on; begin with make generate, or name one with ARGS='--dataset FILE'"; exit 2; }

.venv/.made:
	@test -n "$(COMMIT)" || { echo "Makefile: set REPOSITORY and COMMIT to the selfinstruct that is to be used, or SELFINSTRUCT=/path/to/.venv/bin/selfinstruct"; exit 2; }
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet "selfinstruct[EXTRAS] @ git+$(REPOSITORY)@$(COMMIT)"
	touch $@

.venv/.finetune: .venv/.made
	@.venv/bin/python -c 'import sys, importlib.util as u; sys.exit(not u.find_spec("torch"))' \
		&& echo "Installing the trainer ..." \
		|| echo "Installing the trainer (torch and transformers; about 6 GB on Linux, where torch carries CUDA) ..."
	.venv/bin/python -m pip install --quiet "selfinstruct[finetune] @ git+$(REPOSITORY)@$(COMMIT)"
	touch $@
