"""``next``: the newest version of a process, copied to be changed."""

from __future__ import annotations

import click

from engine.commands.options import Where, where_options
from engine.commands.source import workspace_of


@click.command("next", short_help="Copy the newest version of a process to the one after it.")
@click.argument("process")
@where_options
def command(process: str, where: Where) -> None:
    """Copy the newest version of PROCESS to the one after it, with `follows` and an empty `because` to fill in."""
    from engine.loading import catalog, write

    root = workspace_of(where)
    name = catalog.find(process, workspace=root).parent.name
    newest = catalog.versions(name, workspace=root)[-1]
    path, text = write.next_version(catalog.find(f"{name}@{newest}", workspace=root))
    write.whole(path, text)
    click.echo(f"made {path.relative_to(root) if path.is_relative_to(root) else path}")
    click.echo("say in it why the version before did not do ('because'), then change it and run 'stagewright check'")
