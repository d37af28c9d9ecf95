"""`selfinstruct push`."""

from typing import TYPE_CHECKING

import click

from selfinstruct.api.hub import push
from selfinstruct.api.settings import load_config
from selfinstruct.cli.console import Screen, print_json, print_table, write
from selfinstruct.cli.messages import language
from selfinstruct.cli.options import common, option
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.hub.push import Pushed


@click.command("push")
@common
@click.argument("name", metavar="OWNER/NAME")
@click.argument("dataset", metavar="[RUN|FILE]", required=False)
@option(
    "--revision",
    metavar="BRANCH",
    default="main",
    show_default=True,
    help="Branch that it goes to; refs/pr/N adds to that pull request.",
)
@option(
    "--pull-request/--no-pull-request",
    default=True,
    help="As a pull request whose text is the diff, or straight.  [default: a pull request, where there is data already]",
)
@option("--public", is_flag=True, help="Make a repository that is not there yet public.  [default: private]")
@option("--dry-run", is_flag=True, help="List files and bytes; send nothing.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    name: str,
    dataset: str | None,
    revision: str,
    pull_request: bool,
    public: bool,
    dry_run: bool,
) -> None:
    """Publish the dataset of a run, or any file of rows, on the Hugging Face hub as one atomic commit, by default as a pull request.

    What goes there are the rows by split, their column types and the card; rows of a file go into the split `train`, by language. Of a README that is there only the block between our two marks and
    the metadata of our data are written; other files stay. A commit stands on the one that was read: where the branch moved meanwhile in
    the same files, nothing is published (exit 1). Needs the extra `hub`; the token is HF_TOKEN's or that of `hf auth login`, and HF_ENDPOINT names a
    mirror.
    """
    screen = Screen(quiet)
    done = push(
        name,
        run=dataset or run_dir,
        revision=revision,
        pull_request=pull_request,
        public=public,
        dry_run=dry_run,
        language=language(),
        config=load_config(config_path),
        say=screen.say,
    )
    if as_json:
        print_json(done.document() | {"dry_run": dry_run})
    elif not quiet:
        _show(done, dry_run=dry_run)


def _show(done: "Pushed", *, dry_run: bool) -> None:
    if not done.steps:
        write(f"hub:{done.name}@{done.parent or done.revision} has this dataset already; nothing to publish")
        return
    print_table(("file", "bytes", ""), [(step.path, len(step.data), step.change) for step in done.steps])
    size = f"{amount(len(done.steps), 'file')}, {sum(len(step.data) for step in done.steps):,} bytes"
    kind = "private " if done.private else ""
    where = f"a new {kind}repository {done.name}" if done.is_new else f"{kind}{done.name}"
    if dry_run:
        how = "as a pull request" if done.as_pull_request else "as one commit"
        write(f"Would publish {size} in {where}, {done.revision}, {how}; nothing was sent")
    elif done.made:
        how = f"pull request {done.made.pull_request}" if done.made.pull_request else f"commit {done.made.commit[:12]}"
        write(f"Published {size} in {where}, {done.revision}: {how}, {done.made.url}")
        write(f"To read it: hub:{done.name}@{done.made.commit}")
