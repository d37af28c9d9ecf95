"""The section of the trainer."""

from typing import Literal, Self

from pydantic import Field, model_validator

from selfinstruct.config.sections import Section


class Finetune(Section):
    """`[finetune]`: the thin PEFT trainer. What each method needs of its own stands in `finetune/methods.py`."""

    model: str = "smollm2-135m-instruct"
    method: str = "lora"
    prompt: Literal["auto", "chat", "alpaca-v1", "alpaca-lora-v1"] = "auto"
    """auto: the model's chat template, or Stanford's Alpaca prompt where it has none."""
    epochs: float = Field(2, gt=0)
    """Two, not alpaca-lora's three: two dozen long rows then take three and a half minutes on two CPU cores."""
    learning_rate: float | None = Field(None, gt=0)
    """None: that of the method."""
    batch_size: int = Field(4, ge=1)
    """Rows per step, over all GPUs; 4, not alpaca-lora's 128: a small dataset needs its steps."""
    micro_batch_size: int = Field(2, ge=1)
    """Rows in memory at once, of like length. On a CPU one takes 3 GB, two take 5 and are an eighth faster; raise it on a GPU."""
    max_length: int = Field(1024, ge=16)
    """Tokens; longer rows are left out and counted, never cut. At Alpaca's 512, SmolLM2, with two to three tokens for a
    Chinese character, would leave out six of ten Chinese seeds."""
    held_out: float = Field(0.2, gt=0, lt=1)
    """Share of the instructions that is kept for measuring: by the dataset's split, and by the trainer."""
    evaluations: int = Field(4, ge=1)
    """How often the held-out loss is measured while training, the end included; each time leaves a checkpoint."""
    patience: int = Field(2, ge=0)
    """Stop after so many measurements in a row without a new best; 0: never. What is kept is the best in any case."""
    replay: str = ""
    """File of general rows that are mixed in against forgetting."""
    replay_share: float = Field(0.2, gt=0, lt=1)
    """Their share of the rows that are learned."""
    gradient_checkpointing: bool = False
    """Half the speed, a fraction of the memory."""
    target_modules: tuple[str, ...] = ()
    """Names of the layers that are adapted, such as q_proj; none: those of the method, all linear ones for LoRA."""
    lora_rank: int = Field(8, ge=1)
    lora_alpha: int = Field(16, ge=1)
    lora_dropout: float = Field(0.05, ge=0, lt=1)
    """Rank, alpha and dropout as in alpaca-lora."""
    virtual_tokens: int | None = Field(None, ge=1)
    """Of prompt-tuning, prefix-tuning and P-Tuning; None: as many as the method's source has."""

    @model_validator(mode="after")
    def _whole_batches(self) -> Self:
        if self.batch_size % self.micro_batch_size:
            raise ValueError(
                f"batch_size = {self.batch_size} must be a multiple of micro_batch_size = {self.micro_batch_size}; set both"
            )
        return self
