"""Bootstraps of one language with a scripted teacher, without a run around them."""

import json
import random
from collections.abc import Callable

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config, parse_config
from selfinstruct.prompts import parse_prompts
from selfinstruct.prompts.used import later_prompts
from selfinstruct.records import LanguageCode, Reply, Request
from selfinstruct.requests import Plan
from selfinstruct.seeds.read import read_seeds, tasks_of
from selfinstruct.system.files import bundled, read_folder
from tests.support.teacher_server import say

Answer = Callable[[Request], Reply]


def make_plan(
    language: LanguageCode,
    recipe: str,
    target: int = 6,
    window: int = 5,
    threshold: float = 0.7,
    *,
    confirm: bool = False,
    exercises: bool = True,
) -> Plan:
    """Return a plan for the embedded teacher; without `exercises` none of its tasks comes with a text."""
    overrides = {
        "target": {language: target},
        "generate.recipe": recipe,
        "generate.window": window,
        "generate.tasks_per_request": 3,
        "generate.confirm": confirm,
    }
    config: Config = parse_config("", "test", overrides | {"filter.threshold": threshold})
    folder = bundled("prompts") / language
    seeds = tasks_of(read_seeds(bundled("seed_tasks") / f"{language}.jsonl").seeds, language)
    seeds = tuple(task for task in seeds if exercises or not (task.plain and task.input))
    prompts = parse_prompts(language, read_folder(folder), str(folder), later=later_prompts(config))
    return Plan(language, config, seeds, prompts)


def scripted(request: Request) -> Reply:
    body = {"messages": [message.model_dump() for message in request.messages], "seed": request.sampling.seed}
    return Reply(text=say(body), finish_reason="stop", model="m")


def run(plan: Plan, answer: Answer, concurrency: int, rng: random.Random) -> Bootstrap:
    """Carry requests to a teacher that answers them in random order."""
    bootstrap = Bootstrap(plan)
    flying: list[Request] = []
    while True:
        while len(flying) < concurrency and (request := bootstrap.ask()):
            flying.append(request)
        if not flying:
            return bootstrap
        request = flying.pop(rng.randrange(len(flying)))
        bootstrap.hear(request, answer(request))


def outcome(bootstrap: Bootstrap) -> str:
    return json.dumps([verdict.model_dump() for verdict in bootstrap.verdicts], ensure_ascii=False)
