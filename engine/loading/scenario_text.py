"""A scenario to YAML that loads as the same scenario, with a comment beside each line that has something to say."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.loading.scenario_lines import Line, lines_of
from engine.loading.scenario_words import BREAK
from engine.model.process import Process
from engine.model.scenario import Scenario

SCHEMA = "# yaml-language-server: $schema=../../../schemas/scenario.json"
_WIDTH = 42
_FAR = 84
_WIDEST = 120
_USUAL = {
    "version": "whose stages, actions and facts are meant",
    "hours": "in the time zone of the process",
    "facts": "of new prospects",
    "prospects": "facts of past prospects, drawn a row at a time",
    "stages": "shares are of what is tried: what the rules refuse stays and is tried again",
    "touchpoints": "the work before an action with this touchpoint is tried",
    "approvals": "how long those of a role take, and how often they agree",
}
"""What is said beside a line that no note is about."""


def scenario_text(scenario: Scenario, process: Process, *, notes: Sequence[tuple[str, str]] = ()) -> str:
    """The scenario as a file, with ``notes`` as comments: (path such as ``stages/demo/dwell``, text).

    A note on something that has no line of its own stands at the line that holds it; one with an empty path at the
    top. Numbers are rounded to four digits that count; branches of one action are put together.
    """
    lines = list(lines_of(scenario, process))
    said = _by_line(notes, {line.path for line in lines})
    out = [SCHEMA]
    for note in said.get("", ()):
        out += textwrap.wrap(_one_line(note), _WIDEST, initial_indent="# ", subsequent_indent="# ")
    columns = _columns(lines, said)
    for line in lines:
        if line.depth == 0 and line.text.endswith(":"):
            out.append("")
        note = "; ".join(_one_line(each) for each in said.get(line.path, ())) or _USUAL.get(line.path, "")
        out += _commented(line, note, columns.get(line.part, _WIDTH))
    return "\n".join(out) + "\n"


def _by_line(notes: Iterable[tuple[str, str]], paths: set[str]) -> Mapping[str, list[str]]:
    """The notes by the path of the line at which they stand."""
    found: dict[str, list[str]] = {}
    for path, text in notes:
        while path and path not in paths:
            path = path.rpartition("/")[0]
        found.setdefault(path, []).append(text)
    return found


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _columns(lines: Iterable[Line], said: Mapping[str, list[str]]) -> Mapping[tuple[str, int], int]:
    """Where the notes of a part begin: under one another, right of all lines of it that are not very long."""
    found: dict[tuple[str, int], int] = {}
    for line in lines:
        wide = 2 * line.depth + len(line.text)
        if line.path in said and line.depth == 1 and wide <= _FAR:
            found[line.part] = max(found.get(line.part, _WIDTH), wide + 2)
    return found


def _commented(line: Line, note: str, column: int) -> Iterator[str]:
    indent = "  " * line.depth
    rows = _broken(indent, line.text)
    beside = f"{rows[0]:<{column}}# {note}" if len(rows[0]) < column else f"{rows[0]}     # {note}"
    if not note:
        yield from rows
    elif len(rows) == 1 and len(beside) <= _WIDEST:
        yield beside
    else:
        yield from textwrap.wrap(note, _WIDEST, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
        yield from rows


def _broken(indent: str, text: str) -> list[str]:
    """The text on one line, or where that is too long on several, each going on deeper."""
    rows = [indent]
    for number, part in enumerate(text.split(BREAK)):
        piece = part if number == 0 else f", {part}"
        if number and len(rows[-1]) + len(piece) > _WIDEST - 1:
            rows[-1] += ","
            rows.append(f"{indent}    {part}")
        else:
            rows[-1] += piece
    return rows
