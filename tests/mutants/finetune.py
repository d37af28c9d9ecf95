"""Mutants of fine-tuning; their tests need the [finetune] extra."""

from tests.mutants.mutant import Mutant

ENCODE, DATA, RUN = (
    "tests/training/data/test_encode.py",
    "tests/training/data/test_prepare.py",
    "tests/training/test_run.py",
)
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
        "                yield [form.end], number not in unlearned\n",
        "                pass\n",
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
        "        if closed and (gap := _gap(ids, tokenizer, form)) is not None:",
        "        if False:",
        ENCODE,
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
