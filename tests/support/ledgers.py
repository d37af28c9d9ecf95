"""What a ledger has to say, counted by other means."""

import json
import random
from pathlib import Path
from typing import Any

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import LanguageCode, Reply, Request
from tests.support.bootstraps import scripted

ODD: dict[LanguageCode, tuple[str, ...]] = {
    "en": (
        "",
        "###\n1. Instruction: Describe a quiet harbour town at dawn.\n1. Input:\n<noinput>\n1. Output:\nGulls, then bells.",
        "###\n1. Instruction: Sort the words by length.\n1. Input:\n1. Output:\n",
        "1. Instruction: Name a river.\n1. Output: The Tay.\n##\n2. Instruction: Name a river.\n2. Output: The Tay.",
        "I am sorry, but as an AI language model I cannot do that.",
        "Describe a quiet harbour town at dawn.",
        "N/A",
        '[{"instruction": "Name the parts of a loom.", "input": "", "output": "Beam, heddle, reed."}, {"instruction": 3}]',
        "<|im_start|>assistant\n\x00",
    ),
    "zh": (
        "",
        "###\n1. 指令：描写清晨的渡口。\n1. 输入：\n<无输入>\n1. 输出：\n雾还没散，船夫已经在解缆绳了。",
        "###\n1. 指令：把下面的词语按笔画排序。\n1. 输入：\n1. 输出：\n",
        "1. 指令：说出一条河流。\n1. 输出：岷江。\n##\n2. 指令：说出一条河流。\n2. 输出：岷江。",
        "抱歉，作为一个人工智能语言模型，我无法完成这个请求。",
        "描写清晨的渡口。",
        "无",
        '[{"instruction": "说出织布机的部件。", "input": "", "output": "经轴、综、筘。"}, {"instruction": 3}]',
        "<|im_start|>assistant\n\x00",
    ),
}


FAULTS = ("content_filtered", "malformed_reply", "request_rejected", "held", "oversize")


def adds_up(entry: dict[str, Any]) -> bool:
    return bool(entry["candidates"] == entry["accepted"] + sum(entry["rejected"].values()) + entry["pending"])


def answered(request: Request, rng: random.Random) -> Reply | None:
    """Return a proper, odd, cut or faulty reply, or None for one that never came."""
    kind = rng.random()
    if kind < 0.45:
        return scripted(request)
    if kind < 0.8:
        text = rng.choice(ODD[request.language])
        finish = rng.choice(("stop", "length"))
        return Reply(text=text, finish_reason=finish, cut=finish == "length", fault="" if text else "empty_reply")
    return Reply(fault=rng.choice(FAULTS)) if kind < 0.9 else None


def carry(bootstrap: Bootstrap, rng: random.Random, most: int) -> None:
    """Send up to `most` requests and let their replies arrive in any order; some never do."""
    flying: list[tuple[Request, Reply]] = []
    for _ in range(most):
        request = bootstrap.ask() if len(flying) < 5 else None
        if request is None and not flying:
            return
        if request and (reply := answered(request, rng)):
            flying.append((request, reply))
        elif request is None:
            bootstrap.hear(*flying.pop(rng.randrange(len(flying))))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def rejections(folder: Path) -> dict[str, dict[str, Any]]:
    return {one["candidate"]: one for one in map(json.loads, lines(folder / "rejected.jsonl"))}
