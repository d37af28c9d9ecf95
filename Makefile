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

SPOKEN = $(firstword $(SELFINSTRUCT_LANG) $(LC_ALL) $(LC_MESSAGES) $(LANG))
say = echo "$(if $(filter zh%,$(SPOKEN)),$(2),$(1))"
comma := ,

help:  ## Show the targets  ## 列出各个目标
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## (.*)  ## (.*)/\t$(if $(filter zh%,$(SPOKEN)),\2,\1)/' | expand -t 15

install: $(VENV)/.core  ## Install the command alone, for a teacher of your own: no weights  ## 只装命令本身，配自己的教师用：不要权重
	@$(call say,Next: source $(BIN)/activate,接下来：source $(BIN)/activate)

generate: $(VENV)/.local  ## Generate the dataset (the demo: embedded teacher, no key)  ## 生成数据集（演示：内置教师，不要密钥）
	$(RUN) generate $(ARGS)

filter: $(VENV)/.core  ## Parse, filter, validate and write the run again: free, offline  ## 按日志重新读取、过滤、校验、写出：免费，不联网
	$(RUN) filter $(ARGS)

finetune: dataset $(VENV)/.finetune  ## Train an adapter on the dataset and measure it on validation rows  ## 用数据集训练适配器，并在验证集上测量
	$(RUN) finetune $(ARGS)

diff: $(VENV)/.core  ## Show what changed since the last commit, or BASE=REVISION  ## 看数据集与上次提交（或 BASE=版本）的差异
	$(RUN) diff $(BASE) $(HEAD) $(ARGS)

hub: $(VENV)/.hub  ## Install what `selfinstruct push` and hub:OWNER/NAME need  ## 安装 `selfinstruct push` 和 hub:OWNER/NAME 要用的东西

report: $(VENV)/.report  ## Write one offline page of the run: rejections, cost, a sample  ## 写一页可离线看的运行报告：剔除原因、费用、抽样
	$(RUN) report $(ARGS)

ray: $(VENV)/.ray  ## Install Ray, for filter --engine ray  ## 安装 Ray，供 filter --engine ray 使用

test: $(VENV)/.dev  ## Run the quick tests: core only, no network, no weights  ## 跑快的测试：只装核心，不联网，不要权重
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not (finetune or embedded or kill or notebook or bounds or thorough)" $(ARGS)

test-all: $(VENV)/.dev $(VENV)/.finetune $(VENV)/.local $(VENV)/.hub  ## Run the slow ones: training, embedded teacher, kills, floods  ## 再跑慢的测试：微调、内置教师、强行终止、大批输入
	$(BIN)/python -m pytest -n auto --dist loadfile -m "finetune or embedded or kill or notebook or bounds or thorough" $(ARGS)

test-trainers: $(VENV)/.dev $(VENV)/.finetune $(patsubst %,$(TRAINERS)/%/.made,llamafactory swift axolotl trl)  ## Compare with LLaMA-Factory, ms-swift, axolotl: 30 min, 7 GB  ## 与 LLaMA-Factory、ms-swift、axolotl 比对：半小时，7 GB
	TRAINERS=$(abspath $(TRAINERS)) $(BIN)/python -m pytest tests/trainers/check.py $(ARGS)

mutants: $(VENV)/.dev  ## Break the code of replies and money; the tests must notice  ## 把管回复和钱的代码逐处改坏，测试必须发现
	$(BIN)/python -m tests.mutants $(ARGS)

torture: $(VENV)/.dev  ## Kill runs 360 times, measure load; writes docs/reliability.md  ## 强行终止 360 次，测负载，写可靠性实测页
	$(BIN)/python -m tests.torture $(ARGS)

check: $(VENV)/.dev docs  ## Format, lint, types, floors, the site  ## 格式、静态检查、类型、分层、站点
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.docs/.made  ## Build the site from docs/ into site/: strict, offline  ## 由 docs/ 构建站点到 site/：严格模式，不联网
	PYTHONPATH=.site $(VENV)/.docs/bin/zensical build --strict
	@test -z "$$(grep -L '<html lang="zh"' site/*.zh-CN.html)" || { echo 'site: a Chinese page does not say that it is Chinese; see .site/'; exit 1; }

bench: $(VENV)/.bench  ## Measure speed and memory; ARGS=FILE for the filter  ## 测速度和内存；过滤用 ARGS=文件
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python -m benchmarks.display
	$(BIN)/python -m benchmarks.journal
	$(BIN)/python -m benchmarks.rules
	$(BIN)/python -m benchmarks.diff
	$(BIN)/python -m benchmarks.filter $(ARGS)

bench-trainers: $(TRAINERS)/bench/.made  ## Compare losses and speed with TRL, alpaca-lora: 15 min, 1.5 GB  ## 与 TRL 和 alpaca-lora 比损失和速度：一刻钟，1.5 GB
	$(TRAINERS)/bench/bin/python -m benchmarks.finetune $(ARGS)

classifier: $(VENV)/.classifier/.made  ## Train the classifier of two rules again: the same bytes  ## 重新训练两条规则的分类器：字节相同
	$(VENV)/.classifier/bin/python -m classifier.train

release: $(VENV)/.release/.made  ## Build the wheel and prove it in a bare environment  ## 构建 wheel，在干净环境里验证
	$(VENV)/.release/bin/python -P .ci/release.py $(ARGS)

clean:  ## Remove the environment and caches; runs are kept  ## 删掉环境和缓存；运行保留
	rm -rf $(VENV) .trainers build dist site .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

dataset:
	@ls outputs/*/dataset/*.jsonl >/dev/null 2>&1 || test -n "$(findstring --dataset,$(ARGS))$(findstring --run,$(ARGS))$(SELFINSTRUCT_DATASET)$(SELFINSTRUCT_RUN)" || { $(call say,Makefile: there is no dataset to train on; begin with make generate$(comma) or name one with ARGS='--dataset FILE',Makefile：还没有可以训练的数据集；请先 make generate，或用 ARGS='--dataset 文件' 指定一个); exit 2; }

$(VENV)/.made: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.core: $(VENV)/.made
	@$(call say,Installing selfinstruct into $(VENV)$(comma) which takes some minutes ...,正在把 selfinstruct 装进 $(VENV)，要几分钟……)
	$(PIP) --editable .
	touch $@

$(VENV)/.local: $(VENV)/.core
	@$(call say,Installing the engine of the embedded teacher ...,正在安装内置教师的引擎……)
	$(PIP) --editable '.[local]'
	touch $@

$(VENV)/.hub: $(VENV)/.core
	@$(call say,Installing the client of the hub ...,正在安装模型库的客户端……)
	$(PIP) --editable '.[hub]'
	touch $@

$(VENV)/.report: $(VENV)/.core
	@$(call say,Installing what draws the plots ...,正在安装画图要用的包……)
	$(PIP) --editable '.[report]'
	touch $@

$(VENV)/.ray: $(VENV)/.core
	@$(call say,Installing Ray$(comma) for filter --engine ray (240 MB) ...,正在安装 Ray，供 filter --engine ray 使用（240 MB）……)
	$(PIP) --editable '.[ray]'
	touch $@

$(VENV)/.finetune: $(VENV)/.core
	@if $(BIN)/python -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("torch"))'; then \
		$(call say,Installing the trainer; torch is here already ...,正在安装训练用的包，torch 已经装好……); \
	else \
		$(call say,Installing the trainer (torch and transformers; about 6 GB on Linux$(comma) where torch carries CUDA) ...,正在安装训练用的 torch 和 transformers（Linux 下 torch 带着 CUDA，约 6 GB）……); \
	fi
	$(PIP) --editable '.[finetune]'
	touch $@

$(VENV)/.dev: $(VENV)/.report
	@$(call say,Installing the development tools ...,正在安装开发工具……)
	$(PIP) --requirement requirements-dev.txt
	touch $@

$(VENV)/.bench: $(VENV)/.dev
	@$(call say,Installing what the filter is compared with ...,正在安装过滤速度的比较对象……)
	$(PIP) --requirement requirements-bench.txt
	touch $@

$(VENV)/.classifier/.made: requirements-classifier.txt
	@$(call say,Installing scikit-learn into $(@D) ...,正在把 scikit-learn 装进 $(@D) ……)
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --requirement $< --editable .
	touch $@

$(VENV)/.release/.made: .github/locked/release.txt
	@$(call say,Installing what builds and checks a release into $(@D) ...,正在把构建、检查发行版的工具装进 $(@D) ……)
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement $<
	touch $@

$(VENV)/.docs/.made: requirements-docs.txt
	@$(call say,Installing what builds the site into $(@D) ...,正在把建站工具装进 $(@D) ……)
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(TRAINERS)/trl/.made: $(VENV)/.made
	@$(call say,Fetching the chat templates in TRL's package ...,正在取 TRL 包里的对话模板……)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(@D) trl==1.16.0
	touch $@

$(TRAINERS)/bench/.made: pyproject.toml constraints.txt
	@$(call say,Installing the trainer and TRL into $(@D) ...,正在把训练用的包和 TRL 装进 $(@D) ……)
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[finetune]' hypothesis trl==1.16.0
	touch $@

$(TRAINERS)/%/.made: tests/trainers/%.txt
	@$(call say,Installing $* into $(@D) ...,正在把 $* 装进 $(@D) ……)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	touch $@
