"""`selfinstruct generate`."""

import click

from selfinstruct.cli.options import common, load_config, option, parse_target, run_path
from selfinstruct.cli.screen import Screen, print_json
from selfinstruct.cli.status import print_summary


@click.command("generate")
@common
@option("--target", metavar="en=N,zh=N", help="Accepted rows wanted per language.")
@option("--model", help="Model of the teacher.")
@option("--base-url", help="An OpenAI-compatible endpoint; sets the teacher's kind to openai.")
@option("--api-key-env", metavar="NAME", help="Environment variable that holds the key.")
@option("--recipe", type=click.Choice(["auto", "batch", "steered"]), help="How tasks are asked for.")
@option("--seeds", "seeds_dir", metavar="DIR", help="Folder with own seeds, <language>.jsonl.")
@option("--prompts", "prompts_dir", metavar="DIR", help="Folder with own prompts, <language>/*.txt.")
@option("--weights", metavar="FILE", help="GGUF file of the embedded teacher, instead of fetching it.")
@option("--concurrency", type=int, help="Requests in flight at once.")
@option("--budget-usd", metavar="X", help="Never spend more than this on the whole run.")
@option("--max-candidates", type=int, help="Stop after this many candidates.")
@option("--fresh", is_flag=True, help="Set an existing run aside and start anew; its journal is kept.")
@option("--replay", is_flag=True, help="Use the journal alone; opens no socket.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    target: str | None,
    model: str | None,
    base_url: str | None,
    api_key_env: str | None,
    recipe: str | None,
    seeds_dir: str | None,
    prompts_dir: str | None,
    weights: str | None,
    concurrency: int | None,
    budget_usd: str | None,
    max_candidates: int | None,
    fresh: bool,
    replay: bool,
) -> None:
    """Ask the teacher until the target of accepted rows stands in each language, then filter and emit.

    Continues an existing run by default: nothing in its journal is asked again.
    """
    from selfinstruct.pipeline import Brake, Observer, generate, refilter
    from selfinstruct.run_folder import RunFolder

    overrides = {
        "target": parse_target(target),
        "teacher.kind": "openai" if base_url else None,
        "teacher.base_url": base_url,
        "teacher.model": model,
        "teacher.api_key_env": api_key_env,
        "teacher.weights": weights,
        "generate.recipe": recipe,
        "run.seeds": seeds_dir,
        "run.prompts": prompts_dir,
        "limits.concurrency": concurrency,
        "limits.budget_usd": budget_usd,
        "limits.max_candidates": max_candidates,
    }
    config = load_config(config_path, overrides)
    folder = RunFolder(run_path(config, run_dir))
    screen = Screen(quiet)
    if replay:
        manifest = refilter(config, folder)
    else:
        with screen.open():
            observer = Observer(screen.say, screen.run, screen.download)
            manifest = generate(config, folder, observer, Brake(), fresh=fresh)
    if as_json:
        print_json(manifest)
    else:
        print_summary(folder.path, manifest, quiet)
