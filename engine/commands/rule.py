"""``rule``: what a finding means, why it matters, and how it is mended."""

from __future__ import annotations

import click

from engine.model.errors import UnknownName
from engine.model.names import did_you_mean


@click.command("rule", short_help="Explain a finding by its code.")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain the finding with this CODE, such as P101: what, why, bad, good, mend. Without a code: list them all."""
    from engine.checks import explain

    if code is None:
        for each in explain.codes():
            click.echo(f"{each}  {explain.title(each)}")
        return
    known = explain.codes()
    if code.upper() not in known:
        raise UnknownName(f"there is no finding '{code}'", hint=did_you_mean(code.upper(), known))
    click.echo(explain.page(code.upper()))
