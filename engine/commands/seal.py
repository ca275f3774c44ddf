"""``seal``: what the journal is now, as one line to keep elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from engine.commands.options import Where, where_options
from engine.commands.output import remark
from engine.commands.sealing import read_secret, secret_option
from engine.commands.source import open_journal
from engine.model.errors import UnwritableFile


@click.command("seal", short_help="Write down where every deal ends, to keep elsewhere.")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="A new file for the seal.")
@secret_option
@where_options
def command(out: Path | None, secret: Path | None, where: Where) -> None:
    """Write one signed line that says where each deal ends. Keep it where who writes to the journal cannot write.

    'stagewright verify --against FILE' then finds also what was cut off, removed as a whole, or written anew.
    """
    from engine.journal.seal import seal
    from engine.loading.write import streamed

    key = read_secret(secret)
    if out is not None and out.exists():
        raise UnwritableFile(f"'{out}' is there already", hint="name a new file: an older seal has its use")
    with open_journal(where, read_only=True) as journal:
        pieces = seal(journal, now=datetime.now(UTC), secret=key)  # noqa: TID251 - the door is where the clock is read
        if out is not None:
            streamed(out, (piece.encode() for piece in pieces))
            remark(f"wrote {out}; keep it away from the journal")
            return
        for piece in pieces:
            click.echo(piece, nl=False)
