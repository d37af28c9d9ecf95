"""Plans of a mix of recipes, documents for them, and a teacher whose replies are kept."""

import json
from pathlib import Path
from typing import Any, Final

from selfinstruct.bootstrap.schedule import Schedule
from selfinstruct.config import parse_config
from selfinstruct.documents.passages import passages_of
from selfinstruct.prompts import parse_prompts
from selfinstruct.prompts.used import later_prompts
from selfinstruct.records import Drawn, LanguageCode, Recipe, Reply, Request, Sampling, Step
from selfinstruct.requests import Plan
from selfinstruct.seeds.read import read_seeds, tasks_of
from selfinstruct.system.files import bundled, read_folder
from tests.support.bootstraps import scripted

LANGUAGES: Final[tuple[LanguageCode, ...]] = ("en", "zh")
MIX: dict[Recipe, float] = {"steered": 0.4, "checked": 0.4, "documents": 0.2}
STEPS: dict[Recipe, Step] = {
    "batch": "batch",
    "steered": "instruction",
    "checked": "computed",
    "documents": "question",
}
_EN = (
    "The {0} mill at Corran Water was built in {1} by a family of weavers. It had {2} looms on two floors. "
    "A wheel of oak drove them until steam came to the valley. In winter the stream froze and the looms stood still. "
    "The owner then paid half wages, which was rare. Today the building holds a library and {3} small workshops."
)
_ZH = (
    "{0}街的老茶馆建于{1}年，原来是一家布店。楼下有{2}张方桌，楼上是说书的地方。"
    "每天清晨，附近的菜农挑着担子来喝第一壶茶。茶叶来自城外的山坡，水用的是后院的井水。"
    "冬天生意最好，常常要等座。如今这里由店主的孙女打理，每周办{3}次读书会，来的多是学生。"
    "店里还留着一本旧账簿，记着从前的茶价。"
)
_NAMES = {
    "en": ("North", "Upper", "Lower", "Hollow", "Stone", "Birch"),
    "zh": ("南门", "北桥", "东仓", "西市", "柳巷", "河沿"),
}


def paragraphs(language: LanguageCode, count: int = 6) -> str:
    """Return a document of `count` passages."""
    frame = _EN if language == "en" else _ZH
    names = _NAMES[language]
    return "\n\n".join(frame.format(names[n % 6], 1820 + 7 * n, 12 + 5 * n, 3 + n) for n in range(count))


def mixed_plan(
    language: LanguageCode,
    mix: dict[Recipe, float] = MIX,
    target: int = 8,
    window: int = 5,
    kind: str = "openai",
    **more: object,
) -> Plan:
    generate = {"mix": mix, "documents": "/none", "window": window, "tasks_per_request": 4, **more}
    overrides = {f"generate.{name}": value for name, value in generate.items()}
    config = parse_config("", "test", {"target": {language: target}, "teacher.kind": kind} | overrides)
    folder = bundled("prompts") / language
    seeds = tasks_of(read_seeds(bundled("seed_tasks") / f"{language}.jsonl").seeds, language)
    prompts = parse_prompts(language, read_folder(folder), str(folder), later=later_prompts(config))
    passages = tuple(passages_of("mill.txt", paragraphs(language), language))
    return Plan(language, config, seeds, prompts, passages=passages)


def settle_rows(schedule: Schedule, index: int, rows: int, kind: str = "") -> Recipe:
    """Settle the request whose turn it is, with so many rows; return its recipe."""
    recipe = schedule.recipe_of(index)
    schedule.settle(first_request(index, recipe, kind), rows)
    return recipe


def first_request(index: int, recipe: Recipe, kind: str = "") -> Request:
    """Return a first request without messages."""
    sampling = Sampling(model="m", temperature=0, top_p=1, max_tokens=1, seed=0)
    drawn = Drawn(kind=kind) if kind else None
    return Request(language="en", index=index, step=STEPS[recipe], messages=(), sampling=sampling, drawn=drawn)


class Recording:
    """The scripted teacher, and all that it was asked, in order."""

    def __init__(self) -> None:
        self.heard: list[tuple[Request, Reply]] = []

    def __call__(self, request: Request) -> Reply:
        self.heard.append((request, scripted(request)))
        return self.heard[-1][1]

    def by_slot(self) -> dict[str, Request]:
        return {request.slot: request for request, _ in self.heard}


def write_documents(folder: Path, count: int = 8) -> Path:
    """Write a document of each language; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (folder / f"{language}.txt").write_text(paragraphs(language, count), encoding="utf-8")
    return folder


def mix_settings(folder: Path, **more: Any) -> dict[str, Any]:
    """Return the settings of a run of a mix, as `make_config` takes them."""
    documents = {"generate__mix": MIX, "generate__documents": str(write_documents(folder / "documents"))}
    return {"target": {"en": 8, "zh": 8}} | documents | more


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def dataset_rows(run: Path) -> list[dict[str, Any]]:
    """Return the rows of a run in both languages."""
    return [row for language in LANGUAGES for row in lines_of(run / "dataset" / f"{language}.jsonl")]
