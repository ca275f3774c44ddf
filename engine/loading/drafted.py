"""A draft to YAML: a new file, or into the file that someone has changed since it was drafted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.loading.document import parse_text, read_document
from engine.loading.drafted_actions import missing_moves, told_apart
from engine.loading.drafted_again import Head, drafted_again
from engine.loading.drafted_lines import MARK, lines, plain_line, quoted, sections
from engine.loading.nodes import Keyed
from engine.loading.processes import read_process
from engine.loading.released import releases
from engine.loading.write import as_it_was
from engine.model.draft import Draft
from engine.model.errors import UnreadableFile, UnwritableFile

_HEAD = f"""\
# yaml-language-server: $schema=../../schemas/process.json
# A first draft, drawn from deals that happened. The comments that begin with '{MARK}' say what each part rests on.
# Change what you like: drafting into this file again refreshes these comments, and the figures that you left alone.
# Next: correct the names, say why it is so ('because'), and run 'stagewright check'.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """The text of the file, and what the draft could not or would not write into it."""

    text: str
    told: tuple[str, ...] = ()


def new_text(draft: Draft, *, on: date) -> Written:
    """The text of a new file."""
    return Written(_HEAD + "".join(f"{line}\n" for line in _lines(draft, on)))


def text_into(path: Path, draft: Draft, *, on: date, workspace: Path | None = None) -> Written:
    """The text of the file in ``path`` with what the draft has to say, everything else as it is; nothing is written.

    A file that is not there is a new one. Raises ``UnwritableFile`` for a released version, and ``UnreadableFile`` for
    a file that is no process without errors.
    """
    if not path.exists():
        return new_text(draft, on=on)
    released = path.stem.isdigit() and int(path.stem) in releases(path.parent)
    if released:
        name = path.parent.name
        hint = f"make the next version with 'stagewright next {name}' and draft into that one"
        raise UnwritableFile(f"'{path}' was released, and a released version never changes", hint=hint)
    document = read_document(path)
    loaded = read_process(document, path, workspace=workspace)
    if loaded.value is None or not isinstance(document.root, Keyed):
        raise UnreadableFile(
            f"'{path}' is there, and no process without errors",
            hint=f"run 'stagewright check {shlex.quote(str(path))}'",
        )
    draft = told_apart(draft, loaded.value.main)
    head = _head(draft, on)
    text, told = drafted_again(document.root, loaded.value, draft, sections(draft), head)
    again = read_process(parse_text(text, str(path)), path, workspace=workspace)
    if again.value is None:
        first = again.findings[0]
        raise UnwritableFile(
            f"with what is new '{path}' would not read any more: {first.at}: {first.message}",
            hint="draft into another file and compare the two",
        )
    return Written(as_it_was(path, text), (*told, *missing_moves(again.value.main, draft.process.main)))


def _lines(draft: Draft, on: date) -> Iterator[str]:
    process = draft.process
    head = _head(draft, on)
    yield from head.lines()
    yield from (f"process: {process.id}", f"version: {process.version}")
    if process.title:
        yield f"title: {quoted(process.title, in_braces='')}"
    yield "because:  # say here why deals are sold like this"
    if process.time_zone != "UTC":
        yield f"time_zone: {process.time_zone}"
    if process.currency:
        yield f"currency: {process.currency}"
    for section in sections(draft):
        yield ""
        yield from lines(section, 0, width=0)


def _head(draft: Draft, on: date) -> Head:
    until = f", followed until {draft.as_of:%Y-%m-%d}" if draft.as_of else ""
    source = f" from {draft.source}" if draft.source else ""
    says = f"{on.isoformat()}{source}: {draft.deals:,} deals, {draft.closed:,} of them closed{until}"
    process = draft.process
    return Head(
        plain_line(says),
        {
            "stages": tuple(stage.id for stage in process.main.stages),
            "actions": tuple(action.id for action in process.main.actions),
            "facts": tuple(process.facts),
        },
    )
