"""``rule``: what a finding or a kind of change means, why it matters, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.model.errors import UnknownName
from engine.model.names import did_you_mean

if TYPE_CHECKING:
    from types import ModuleType


@click.command("rule", short_help="Explain a finding or a change by its code.")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain the finding or change with this CODE: P101 of check, D303 of diff. Without a code: list them all."""
    rooms = _rooms()
    if code is None:
        for room in rooms:
            for each in room.codes():
                click.echo(f"{each}  {room.title(each)}")
        return
    wanted = code.upper()
    known = next((room for room in rooms if wanted in room.codes()), None)
    if known is None:
        every = [each for room in rooms for each in room.codes()]
        raise UnknownName(f"there is no finding or change '{code}'", hint=did_you_mean(wanted, every))
    click.echo(known.page(wanted))


def _rooms() -> tuple[ModuleType, ...]:
    """The findings, then the changes: rooms that do not know each other."""
    from engine.checks import explain as findings
    from engine.versions import explain as changes

    return findings, changes
