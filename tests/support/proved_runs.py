"""Runs with all recipes against the scripted teacher, and a short document in each language."""

from pathlib import Path
from typing import Any

from selfinstruct.config import Config
from tests.support.runs import MakeConfig, start

TEXTS = {
    "town.txt": "\n\n".join(
        f"The {name} of the town was built in {year} by {people} men from the {place}. It stands beside the river to this day, and {guests} guests "
        f"a year climb its {steps} steps. Its keeper, who lives on the {floor} floor, rings a bell each morning for the boats that pass."
        for name, year, people, place, guests, steps, floor in (
            ("lighthouse", 1712, 41, "northern hills", "nine hundred", 133, "second"),
            ("granary", 1854, 12, "salt works", "four hundred", 78, "upper"),
            ("chapel", 1633, 27, "old quarry", "three thousand", 55, "lower"),
        )
    ),
    "小镇.txt": "\n\n".join(
        f"小镇的{name}建于{year}年，由来自{place}的{people}名工匠修成，至今立在河边，每年有{guests}位客人登上它的{steps}级台阶。"
        f"看守的人住在{floor}，每天早上为过往的船只敲一次钟，冬天则在门口点一盏灯，照亮回家的人脚下的路。"
        for name, year, place, people, guests, steps, floor in (
            ("灯塔", 1712, "北山", 41, "九百", 133, "二楼"),
            ("粮仓", 1854, "盐场", 12, "四百", 78, "顶楼"),
            ("钟楼", 1633, "采石场", 27, "三千", 55, "底楼"),
        )
    ),
}


def proved_run(make_config: MakeConfig, folder: Path, **overrides: Any) -> tuple[Config, Path]:
    """Return configuration and directory of a run whose rows come from the recipes steered, checked and documents."""
    documents = folder / "documents"
    documents.mkdir()
    for name, text in TEXTS.items():
        (documents / name).write_text(text, encoding="utf-8")
    mix = {"steered": 0.4, "checked": 0.4, "documents": 0.2}
    settings = {"generate__mix": mix, "generate__confirm": True, "generate__documents": str(documents)}
    config = make_config("auto", **settings | {"target": {"en": 8, "zh": 8}} | overrides)
    start(config, folder / "run")
    return config, folder / "run"
