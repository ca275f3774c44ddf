"""``init``: a workspace with an example process in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from engine.model.errors import UnknownName, UnwritableFile
from engine.model.names import did_you_mean

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
    from engine.loading import catalog, schema, write
    from engine.loading.processes import definition_of

    shipped = catalog.shipped()
    names = sorted(path.name for path in (shipped / "processes").iterdir() if path.is_dir())
    if example not in names:
        raise UnknownName(f"there is no shipped process '{example}'", hint=did_you_mean(example, names))
    files: dict[str, str] = {}
    for path in sorted((shipped / "processes" / example).glob("*.yaml")):
        files.update(definition_of(path, shipped).files)
    # The files name these in their first line, so that editors complete keys and explain them.
    for kind in schema.KINDS:
        files[f"schemas/{kind}.json"] = json.dumps(schema.schema(kind), indent=2) + "\n"
    for path in sorted((shipped / "maps").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if re.search(rf"^process: {example}(@\d+)?\s*$", text, re.MULTILINE):
            files[f"maps/{path.name}"] = text
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise UnwritableFile(f"'{folder / taken[0]}' is there already; nothing was written", hint="name another folder")
    for name, text in files.items():
        write.whole(folder / name, text)
    return [Path(name) for name in sorted(files)]
