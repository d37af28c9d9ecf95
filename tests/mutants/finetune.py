"""Mutants of fine-tuning; their tests need the [finetune] extra."""

from tests.mutants.mutant import Mutant

ENCODE, DATA, RUN = (
    "tests/training/data/test_encode.py",
    "tests/training/data/test_prepare.py",
    "tests/training/test_run.py",
)
FAMILIES = "tests/training/data/test_families.py"
ATTACH, MATRIX = "tests/training/model/test_attach.py", "tests/training/model/test_matrix.py"
REFUSALS, CHECKPOINT = "tests/training/test_refusals.py", "tests/training/loop/test_checkpoint.py"
MODEL, FOLDER, GPU = (
    "tests/training/model/test_load.py",
    "tests/training/output/test_artifacts.py",
    "tests/training/model/test_gpu.py",
)
EVALUATE = "tests/training/evaluation/test_evaluate.py"

MUTANTS = (
    Mutant(
        "answers without an end",
        "training/data/encode.py",
        "            yield [*closing, form.end], learned\n",
        "            yield closing, learned\n",
        ENCODE,
    ),
    Mutant(
        "loss on the prompt",
        "training/data/encode.py",
        "labels += part if learned else [IGNORED] * len(part)",
        "labels += part",
        ENCODE,
    ),
    Mutant(
        "earlier answers without an end",
        "training/data/encode.py",
        "        if number and form.chat:\n",
        "        if False:\n",
        ENCODE,
    ),
    Mutant(
        "a thought left open",
        "training/data/chat_format.py",
        '    if opened and f"</{opened[1]}>" not in lead:\n',
        "    if False:\n",
        FAMILIES,
    ),
    Mutant(
        "an end that the model does not take for one",
        "training/data/chat_format.py",
        "(allowed is None or ids[0] in allowed)",
        "allowed is None",
        FAMILIES,
    ),
    Mutant(
        "earlier answers in another form",
        "training/data/encode.py",
        "_as_served(text, form.chat) if number not in row.unlearned else text for",
        "text for",
        FAMILIES,
    ),
    Mutant(
        "an answer with SentencePiece's blank",
        "training/data/tokens.py",
        "        if joint[: len(alone)] == alone:\n",
        "        if False:\n",
        FAMILIES,
    ),
    Mutant(
        "the name of a special token learned as the token",
        "training/data/tokens.py",
        'options = {} if plain else {"split_special_tokens": True}',
        "options: dict[str, bool] = {}",
        FAMILIES,
    ),
    Mutant(
        "today instead of the day of the run",
        "training/data/chat_template.py",
        "    if day:\n",
        "    if False:\n",
        FAMILIES,
    ),
    Mutant(
        "a tokenizer larger than its model",
        "training/data/prepare.py",
        "highest >= model.vocabulary:",
        "highest > 10**9:",
        "tests/training/test_served.py",
    ),
    Mutant(
        "no begin token", "training/data/encode.py", "return tuple(ids[: ids.index(plain[0])])", "return ()", ENCODE
    ),
    Mutant(
        "padding masked by token",
        "training/data/batches.py",
        '[_padded(example["labels"], width, IGNORED) for example in examples]',
        '[[IGNORED if label == pad else label for label in _padded(one["labels"], width, IGNORED)] for one in examples]',
        ENCODE,
    ),
    Mutant("lengths mixed", "training/data/batches.py", "key=lambda row: self.lengths[row]", "key=lambda row: 0", DATA),
    Mutant(
        "each epoch in the same order",
        "training/data/batches.py",
        'random.Random(f"{self.seed}/{epoch}")',
        'random.Random(f"{self.seed}")',
        DATA,
    ),
    Mutant("one score too few", "training/data/batches.py", "width - first + 1", "width - first", ENCODE),
    Mutant(
        "measured rows mixed in",
        "training/data/prepare.py",
        "if instruction_key(row.instruction) not in validation_keys",
        "if row",
        DATA,
    ),
    Mutant(
        "near-duplicates of measured rows mixed in",
        "training/data/prepare.py",
        "        and index.nearest(tokens(row.instruction), above=THRESHOLD) is None\n",
        "",
        DATA,
    ),
    Mutant("longer than the context", "training/data/prepare.py", "    if context is None or", "    if True or", DATA),
    Mutant(
        "missing tensors made up",
        "training/model/load.py",
        "    if rank() == 0 and (missing",
        "    if False and (missing",
        MODEL,
    ),
    Mutant(
        "left by the run before",
        "training/run.py",
        "        empty(job.output)\n",
        "",
        FOLDER,
    ),
    Mutant(
        "pickled adapters",
        "training/output/adapter.py",
        '("adapter_model.safetensors",) if adapter',
        '("adapter_model.*",) if adapter',
        FOLDER,
    ),
    Mutant("measured without autocast", "training/loop/measure.py", "enabled=has_cuda()", "enabled=False", GPU),
    Mutant(
        "checkpoint without the prefix network",
        "training/loop/checkpoint.py",
        "model.named_parameters() if value.requires_grad]",
        'model.named_parameters() if value.requires_grad and "transform" not in name]',
        CHECKPOINT,
    ),
    Mutant(
        "anybody's checkpoint",
        "training/loop/checkpoint.py",
        "owner.get(key) != before.get(key)), None)",
        "False), None)",
        CHECKPOINT,
    ),
    Mutant(
        "mean of means",
        "training/loop/measure.py",
        "len(targets) if num_items_in_batch is None else num_items_in_batch",
        "len(targets)",
        RUN,
    ),
    Mutant(
        "padding after virtual tokens",
        "training/evaluation/generate.py",
        "        if _has_virtual_embeddings(model):",
        "        if False:",
        MATRIX,
    ),
    Mutant(
        "virtual tokens begin as noise",
        "training/model/attach.py",
        "    if tokenizer is not None and",
        "    if False and",
        ATTACH,
    ),
    Mutant(
        "learned rows measured",
        "training/evaluation/compare.py",
        "instruction_hash(row.instruction) not in learned]",
        "row]",
        EVALUATE,
    ),
    Mutant(
        "adapter of another model",
        "training/output/adapter.py",
        "    if summary and summary.base != architecture_of(base):",
        "    if False:",
        EVALUATE,
    ),
    Mutant(
        "memory not looked at",
        "training/run.py",
        ", *memory.check(needed(source, data, job), job.settings)]",
        "]",
        REFUSALS,
    ),
    Mutant(
        "any kind of model",
        "training/model/load.py",
        "    if config.is_encoder_decoder or not known & set(said):",
        "    if False:",
        REFUSALS,
    ),
    Mutant(
        "the last step kept",
        "training/loop/train.py",
        "            load_trained(self.model, Path(self.state.best_model_checkpoint))",
        "            pass",
        CHECKPOINT,
    ),
    Mutant(
        "no number trained on",
        "training/loop/train.py",
        "        if not torch.isfinite(loss):",
        "        if False:",
        CHECKPOINT,
    ),
    Mutant("never early", "training/loop/callbacks.py", ">= self.patience > 0", "> 1000", CHECKPOINT),
    Mutant(
        "one step too many",
        "training/loop/train.py",
        "    if before and watch.over(reached := ",
        "    if None and watch.over(reached := ",
        CHECKPOINT,
    ),
)
