"""Changes as Markdown for a pull request: a table of levels, what matters in sight, the rest folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.model.change import Change, Changes, Level
from engine.report.changes_words import (
    MEANS,
    Sides,
    counted,
    grouped,
    impact_study,
    lines,
    place_text,
    proof_says,
    title,
    unread_says,
    users,
)
from engine.report.escape import markdown as escaped
from engine.report.escape import shown
from engine.report.study_data import markdown as study_markdown
from engine.report.wording import count

LARGEST = 60_000
"""Characters: GitHub takes no comment of more than 65,536."""

_SIGNS = {Level.BREAK: "🛑", Level.TIGHTER: "🔒", Level.LOOSER: "🔓", Level.NOTE: "📝"}
_FOLDED = 5
"""More notes than this are folded away."""


def markdown(changes: Changes, sides: Sides) -> str:
    """The changes; where they are too many for a comment, the last ones are counted and not told."""
    head = [f"## {escaped(title(changes))}", "", f"**{escaped(counted(changes))}**"]
    head += ["", escaped(users(changes))] if users(changes) else []
    if changes.unread:
        head += ["", f"**{escaped(unread_says(changes))}**", "", *(f"- {escaped(each)}" for each in changes.unread)]
    head += _table(changes) if changes.changes else []
    # What it means for deals is the answer that people want first.
    head += _impact(changes)
    tail = [*_next(changes)]
    room = LARGEST - sum(len(line) + 1 for line in (*head, *tail))
    return "\n".join([*head, *_levels(changes, sides, room), *tail]) + "\n"


def _table(changes: Changes) -> Iterator[str]:
    yield from ("", "| level | changes | what it means |", "| --- | ---: | --- |")
    for level in Level:
        if changes.count(level):
            yield f"| {_SIGNS[level]} {level.value} | {changes.count(level)} | {MEANS[level]} |"


def _levels(changes: Changes, sides: Sides, room: int) -> Iterator[str]:
    told = 0
    for level, parts in grouped(changes):
        found = [change for _, some in parts for change in some]
        blocks = []
        for change in found:
            block = list(_change(change, sides))
            room -= sum(len(line) + 1 for line in block)
            if room < 0:
                break
            blocks.append(block)
        told += len(blocks)
        yield from _level(level, blocks)
        if room < 0:
            left = count(len(changes.changes) - told, "change is", "changes are")
            yield from ("", f"{left} not told here, for want of room: `stagewright diff` tells all.")
            return


def _level(level: Level, blocks: Sequence[list[str]]) -> Iterator[str]:
    if not blocks:
        return
    yield from ("", f"### {_SIGNS[level]} {level.value}: {MEANS[level]}", "")
    folded = level is Level.NOTE and len(blocks) > _FOLDED
    if folded:
        yield from ("<details>", f"<summary>{count(len(blocks), 'note')}</summary>", "")
    yield from (line for block in blocks for line in block)
    if folded:
        yield from ("", "</details>")


def _change(change: Change, sides: Sides) -> Iterator[str]:
    where = place_text(change.new, "") or place_text(change.old, "")
    at = f" ({escaped(where)})" if where else ""
    yield f"- **{escaped(change.code)}** {escaped(change.says)}{at}"
    yield from (f"  - {escaped(each)}" for each in proof_says(change, sides))
    written = [*_written("-", change.before), *_written("+", change.after)]
    if written:
        fence = _fence(written)
        body = [f"{fence}diff", *written, fence]
        yield from ("", "  <details><summary>as it is written</summary>", "", *(f"  {line}" for line in body))
        yield from ("", "  </details>", "")


def _written(sign: str, text: str) -> list[str]:
    return [f"{sign} {shown(line)}" for line in lines(text)]


def _fence(written: Sequence[str]) -> str:
    """A fence that no line of the text can close."""
    runs = [len(run) for line in written for run in re.findall("`+", line)]
    return "`" * max(3, *(length + 1 for length in runs), 0)


def _impact(changes: Changes) -> Iterator[str]:
    study = impact_study(changes)
    if study:
        yield ""
        yield re.sub(r"^(?=#+ )", "##", study_markdown(study), flags=re.MULTILINE).rstrip("\n")


def _next(changes: Changes) -> Iterator[str]:
    if changes.next_steps:
        yield from ("", "### What to do next", "", *(f"- {escaped(step)}" for step in changes.next_steps))
