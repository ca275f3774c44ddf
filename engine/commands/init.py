"""``init``: a workspace with an example process in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.model.errors import UnknownName, UnwritableFile
from engine.model.names import did_you_mean

if TYPE_CHECKING:
    from engine.model.process import Process

EXAMPLE = "inside-sales"


@click.command("init", short_help="Make a workspace with an example process.")
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option(
    "--example", default=EXAMPLE, show_default=True, metavar="PROCESS", help="The shipped process to begin with."
)
def command(folder: Path, example: str) -> None:
    """Make FOLDER (default: here) a workspace, with a shipped process to change into your own."""
    made = make_workspace(folder, example)
    for path in made:
        click.echo(f"made {path}")
    if folder != Path():
        click.echo(f"\nnext, in {folder}:")
    else:
        click.echo("\nnext:")
    click.echo(
        f"  stagewright check\n  stagewright show {example}\n  stagewright start {example} DEAL --fact FACT=VALUE"
    )
    click.echo(f"\nprocesses/{example} is yours to change; 'stagewright next {example}' begins its next version")


def make_workspace(folder: Path, example: str) -> list[Path]:
    """Write the example's files below the folder; returns their paths in it. Overwrites nothing."""
    from engine.loading import catalog, write

    shipped = catalog.shipped()
    names = sorted(path.name for path in (shipped / "processes").iterdir() if path.is_dir())
    if example not in names:
        raise UnknownName(
            f"there is no shipped process '{example}'", hint=did_you_mean(example, names, most=len(names))
        )
    files = {**_definitions(example, shipped), **_schemas(), **_maps(example, shipped)}
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise UnwritableFile(f"'{folder / taken[0]}' is there already; nothing was written", hint="name another folder")
    for name, text in files.items():
        write.whole(folder / name, text)
    return [Path(name) for name in sorted(files)]


def _definitions(example: str, shipped: Path) -> dict[str, str]:
    """All versions of the example with rule sets and scenarios, and processes its deals go on in or start deals in."""
    from engine.loading.processes import definition_of, load_process

    files: dict[str, str] = {}
    waiting, seen = [example], {example}
    while waiting:
        name = waiting.pop()
        files.update(_scenarios(name, shipped))
        for path in sorted((shipped / "processes" / name).glob("*.yaml")):
            files.update(definition_of(path, shipped).files)
            process = load_process(path, workspace=shipped).value
            beside = {name for name in _elsewhere(process) if name not in seen} if process else set()
            waiting += sorted(beside)
            seen |= beside
    return files


def _scenarios(name: str, shipped: Path) -> dict[str, str]:
    from engine.loading.scenarios import scenario_files

    files = scenario_files(shipped, name)
    return {path.relative_to(shipped).as_posix(): path.read_text(encoding="utf-8") for path in files}


def _elsewhere(process: Process) -> Iterator[str]:
    for action in process.main.actions:
        if action.transfer:
            yield action.transfer.process
        yield from (start.process for start in action.starts)


def _schemas() -> dict[str, str]:
    """The files name these in their first line, so that editors complete keys and explain them."""
    from engine.loading import schema

    return {f"schemas/{kind}.json": json.dumps(schema.schema(kind), indent=2) + "\n" for kind in schema.KINDS}


def _maps(example: str, shipped: Path) -> dict[str, str]:
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((shipped / "maps").glob("*.yaml"))}
    named = re.compile(rf"^process: {example}(@\d+)?\s*$", re.MULTILINE)
    return {f"maps/{name}": text for name, text in texts.items() if named.search(text)}
