"""``schema``: the JSON Schema of a kind of file, for editors; or of a kind of output, for programs."""

from __future__ import annotations

import json

import click

from engine.model.errors import UnknownName
from engine.model.names import did_you_mean


@click.command("schema", short_help="Print the JSON Schema of a kind of file.")
@click.argument("kind")
def command(kind: str) -> None:
    """Print the JSON Schema of KIND: process, ruleset, map, people, releases, scenario, or a kind of output."""
    from engine.loading import schema as files
    from engine.report import schemas as outputs

    if kind in files.KINDS:
        found = files.schema(kind)
    elif kind in outputs.KINDS:
        found = outputs.schema(kind)
    else:
        kinds = [*files.KINDS, *outputs.KINDS]
        raise UnknownName(f"there is no schema '{kind}'", hint=did_you_mean(kind, kinds, most=len(kinds)))
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
