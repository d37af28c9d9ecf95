"""The `[finetune]` section."""

from typing import Literal, Self

from pydantic import Field, model_validator

from selfinstruct.config.sections import Section
from selfinstruct.config.values import PathText


class Finetune(Section):
    """`[finetune]`: the PEFT trainer. Defaults of the methods are in `training/model/methods.py`."""

    model: str = "smollm2-135m-instruct"
    """Base model: a known name, a directory, a GGUF file or a hub id."""
    method: str = "lora"
    """lora, rslora, dora, ia3, prompt-tuning, prefix-tuning, p-tuning, p-tuning-v2, full or qlora."""
    prompt: Literal["auto", "chat", "alpaca-v1", "alpaca-lora-v1"] = "auto"
    """auto: the model's chat template, or Stanford's Alpaca prompt where it has none."""
    thinking: Literal["teach", "empty", "off"] = "teach"
    """Of models that think before they answer. teach: the `reasoning` of a row, an empty thought where it has none; empty: an empty thought
    before every answer; off: the prompt of a server with `enable_thinking=False`."""
    epochs: float = Field(2, gt=0)
    """Two, not alpaca-lora's three: two dozen long rows then take three and a half minutes on two CPU cores."""
    learning_rate: float | None = Field(None, gt=0)
    """None: the default of the method."""
    batch_size: int = Field(4, ge=1)
    """Rows per step, over all GPUs; 4, not alpaca-lora's 128: a small dataset needs its steps."""
    micro_batch_size: int = Field(2, ge=1)
    """Rows per forward pass, of similar length. On a CPU 1 takes 3 GB; 2 takes 5 GB and is an eighth faster. Raise it on a GPU."""
    max_length: int = Field(1024, ge=16)
    """Tokens per row; longer rows are skipped and counted, never truncated. At Alpaca's 512, SmolLM2, which needs two to three
    tokens per Chinese character, would skip six of ten Chinese seeds."""
    held_out: float = Field(0.2, gt=0, lt=1)
    """Share of the instructions in the validation split, of the dataset and of the trainer."""
    evaluations: int = Field(4, ge=1)
    """Number of validation-loss measurements during training, the end included; each saves a checkpoint."""
    patience: int = Field(2, ge=0)
    """Early stopping: measurements in a row without a new best; 0: never. The best checkpoint is kept in any case."""
    replay: PathText = ""
    """File of general rows that are mixed in against catastrophic forgetting."""
    replay_share: float = Field(0.2, gt=0, lt=1)
    """Share of replay rows in the training rows."""
    gradient_checkpointing: bool = False
    """Half the speed at a fraction of the memory."""
    target_modules: tuple[str, ...] = ()
    """Names of the adapted layers, such as q_proj; empty: the default of the method, all linear layers for LoRA."""
    lora_rank: int = Field(8, ge=1)
    """Rank of the adapter, as in alpaca-lora."""
    lora_alpha: int = Field(16, ge=1)
    """Scale of the adapter, as in alpaca-lora."""
    lora_dropout: float = Field(0.05, ge=0, lt=1)
    """Dropout before the adapter, as in alpaca-lora."""
    virtual_tokens: int | None = Field(None, ge=1)
    """For prompt tuning, prefix tuning and P-Tuning; None: the number in the paper of the method."""

    @model_validator(mode="after")
    def _whole_batches(self) -> Self:
        if self.batch_size % self.micro_batch_size:
            raise ValueError(
                f"batch_size = {self.batch_size} must be a multiple of micro_batch_size = {self.micro_batch_size}; set both"
            )
        return self
