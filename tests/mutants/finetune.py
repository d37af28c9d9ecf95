"""Fine-tuning, broken. These need the [finetune] extra."""

from tests.mutants.mutant import Mutant

ENCODE, DATA, RUN = "tests/finetune/test_encode.py", "tests/finetune/test_data.py", "tests/finetune/test_run.py"
ATTACH, MATRIX = "tests/finetune/test_attach.py", "tests/finetune/test_matrix.py"
REFUSALS, CHECKPOINT = "tests/finetune/test_refusals.py", "tests/finetune/test_checkpoint.py"
MODEL, FOLDER, GPU = "tests/finetune/test_model.py", "tests/finetune/test_folder.py", "tests/finetune/test_gpu.py"
EVALUATE = "tests/finetune/test_evaluate.py"

MUTANTS = (
    Mutant(
        "answers without an end",
        "finetune/encode.py",
        "                yield [form.end], True\n",
        "                pass\n",
        ENCODE,
    ),
    Mutant(
        "loss on the prompt",
        "finetune/encode.py",
        "labels += part if learned else [IGNORED] * len(part)",
        "labels += part",
        ENCODE,
    ),
    Mutant(
        "earlier answers without an end",
        "finetune/encode.py",
        "        if closed and (gap := _gap(ids, tokenizer, form)) is not None:",
        "        if False:",
        ENCODE,
    ),
    Mutant("no begin token", "finetune/encode.py", "return tuple(ids[: ids.index(plain[0])])", "return ()", ENCODE),
    Mutant(
        "padding masked by token",
        "finetune/batches.py",
        '[_padded(example["labels"], width, IGNORED) for example in examples]',
        '[[IGNORED if label == pad else label for label in _padded(one["labels"], width, IGNORED)] for one in examples]',
        ENCODE,
    ),
    Mutant("lengths mixed", "finetune/batches.py", "key=lambda row: self.lengths[row]", "key=lambda row: 0", DATA),
    Mutant(
        "each epoch in the same order",
        "finetune/batches.py",
        'random.Random(f"{self.seed}/{epoch}")',
        'random.Random(f"{self.seed}")',
        DATA,
    ),
    Mutant("one score too few", "finetune/batches.py", "width - first + 1", "width - first", ENCODE),
    Mutant(
        "measured rows mixed in",
        "finetune/data.py",
        "if instruction_key(row.instruction) not in secret",
        "if row",
        DATA,
    ),
    Mutant(
        "near-duplicates of measured rows mixed in",
        "finetune/data.py",
        "        and index.nearest(tokens(row.instruction), above=NEAR) is None\n",
        "",
        DATA,
    ),
    Mutant("longer than the context", "finetune/data.py", "    if context is None or", "    if True or", DATA),
    Mutant(
        "missing tensors made up",
        "finetune/model.py",
        "    if rank() == 0 and (missing",
        "    if False and (missing",
        MODEL,
    ),
    Mutant(
        "left by the run before",
        "finetune/run.py",
        "        empty(job.output)\n",
        "",
        FOLDER,
    ),
    Mutant(
        "pickled adapters",
        "finetune/adapter.py",
        '("adapter_model.safetensors",) if adapter',
        '("adapter_model.*",) if adapter',
        FOLDER,
    ),
    Mutant("measured without autocast", "finetune/measure.py", "enabled=has_cuda()", "enabled=False", GPU),
    Mutant(
        "checkpoint without the prefix network",
        "finetune/checkpoint.py",
        "model.named_parameters() if value.requires_grad]",
        'model.named_parameters() if value.requires_grad and "transform" not in name]',
        CHECKPOINT,
    ),
    Mutant(
        "anybody's checkpoint", "finetune/checkpoint.py", "        if before != owner:", "        if False:", CHECKPOINT
    ),
    Mutant(
        "mean of means",
        "finetune/measure.py",
        "len(targets) if num_items_in_batch is None else num_items_in_batch",
        "len(targets)",
        RUN,
    ),
    Mutant(
        "padding after virtual tokens",
        "finetune/respond.py",
        "        if _has_virtual_embeddings(model):",
        "        if False:",
        MATRIX,
    ),
    Mutant(
        "virtual tokens begin as noise",
        "finetune/attach.py",
        "    if tokenizer is not None and",
        "    if False and",
        ATTACH,
    ),
    Mutant(
        "learned rows measured",
        "finetune/examine.py",
        "instruction_hash(row.instruction) not in learned]",
        "row]",
        EVALUATE,
    ),
    Mutant(
        "adapter of another model",
        "finetune/adapter.py",
        "    if (wanted := summary.get(",
        "    if False and (wanted := summary.get(",
        EVALUATE,
    ),
    Mutant(
        "memory not looked at",
        "finetune/run.py",
        ", *memory.check(needed(source, data, job), job.settings)]",
        "]",
        REFUSALS,
    ),
    Mutant(
        "any kind of model",
        "finetune/model.py",
        "    if config.is_encoder_decoder or not known & set(said):",
        "    if False:",
        REFUSALS,
    ),
    Mutant(
        "the last step kept",
        "finetune/train.py",
        "            load_trained(self.model, Path(self.state.best_model_checkpoint))",
        "            pass",
        CHECKPOINT,
    ),
    Mutant(
        "no number trained on",
        "finetune/train.py",
        "        if not torch.isfinite(loss):",
        "        if False:",
        CHECKPOINT,
    ),
    Mutant("never early", "finetune/watch.py", ">= self.patience > 0", "> 1000", CHECKPOINT),
    Mutant(
        "one step too many",
        "finetune/train.py",
        "    if before and watch.over(",
        "    if None and watch.over(",
        CHECKPOINT,
    ),
)
