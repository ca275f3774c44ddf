"""A plan of deals as a person gives it back: JSON or rows of a spreadsheet, to what is asked for. Nothing is judged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from engine.loading.sheet_text import Row, csv_rows, text_of
from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean
from engine.model.plan import FilledLine, FilledPlan, PlanFault

COLUMNS = ("deal", "to_stage", "migrate", "because", "base")
"""The columns without which rows cannot be read."""
TRACK = "track:"
"""How the columns of side tracks begin."""

_GIVE = "give the .json, .csv or .xlsx file that 'stagewright plan NEW -o FILE' wrote"
_FIRST_YEAR = 2000
_YES = frozenset("yes y true 1 x ja j wahr oui vrai si sí sì verdadero sim".split())
_NO = frozenset("no n false 0 nein falsch non faux falso não nao".split())
_BASE = re.compile(
    r"([a-z0-9][a-z0-9-]*)@(\d{1,9}) ([0-9a-f]{16}) (\d{1,9}) ([0-9a-f]{16}) (?:(\d\S+Z) )?(\d{1,9}) (\S+)\Z"
)
_DIGEST = re.compile(r"[0-9a-f]{16,64}\Z")
_MANGLED = re.compile(r"[\s'’]|^0+|\.0*$|,0*$")

Read = tuple[FilledPlan | None, tuple[PlanFault, ...]]
"""The plan, as far as it can be read, and what is wrong with the file: where anything is, nothing is to be done."""


def read_plan(path: Path) -> Read:
    """The plan of a JSON or CSV file. Raises ``UnreadableFile`` for what is neither."""
    text = text_of(path, hint="give a plan as .json, .csv or .xlsx")
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(text, path)
    return of_rows(csv_rows(text, path), path)


def of_rows(rows: Sequence[Row], path: Path) -> Read:
    """The plan of the rows of a sheet; the first names the columns."""
    if not rows:
        raise UnreadableFile(f"'{path}' is empty", hint=_GIVE)
    header = [name.strip() for name in rows[0][1]]
    missing = [name for name in COLUMNS if name not in header]
    if len(missing) > len(COLUMNS) // 2:
        raise UnreadableFile(f"'{path}' is no plan", hint=_GIVE)
    if missing:
        faults = [
            PlanFault(f"row {rows[0][0]}", f"there is no column '{name}'", _lost(name, header)) for name in missing
        ]
        return None, tuple(faults)
    filled = _Filling()
    for number, cells in rows[1:]:
        if any(cell.strip() for cell in cells.values()):
            filled.take(f"row {number}", cells)
    return filled.whole(path)


def _lost(name: str, header: Sequence[str]) -> str:
    if name == "base":
        return "it says what each row was made of: put it back as 'stagewright plan' wrote it, or make the plan again"
    return did_you_mean(name, header, most=0) or "put it back, in any place"


class _Filling:
    """The lines while rows are read, and what is wrong with them."""

    def __init__(self) -> None:
        self.lines: list[FilledLine] = []
        self.faults: list[PlanFault] = []
        self.made_at: datetime | None = None
        self.made_at_in = ""
        self._targets: dict[tuple[str, int, str], str] = {}
        self._seen: dict[str, str] = {}

    def take(self, row: str, cells: Mapping[str, str]) -> None:
        """The next row."""
        base = _BASE.match(cells["base"].strip())
        if base is None:
            hint = "copy it from the file that 'stagewright plan' wrote, or take the row out"
            self.faults.append(PlanFault(f"{row}, base", "this is not what 'stagewright plan' wrote", hint))
            return
        process, version, digest, _, old, made_at, length, name = base.groups()
        deal = unquote(name, errors="surrogatepass")
        if self.made_at is None:
            self.made_at, self.made_at_in = _moment(made_at or ""), f"{row}, base"
        self._check_deal(row, _plain(cells["deal"]), deal)
        line = FilledLine(
            row,
            deal,
            old,
            int(length),
            _plain(cells["to_stage"]),
            {column[len(TRACK) :]: _plain(cell) for column, cell in cells.items() if column.startswith(TRACK)},
            self._migrates(row, cells["migrate"].strip()),
            _plain(cells["because"]),
            _plain(cells.get("stage", "")),
        )
        self.add(line, (process, int(version), digest))

    def _migrates(self, row: str, told: str) -> bool:
        found = _yes_or_no(told)
        if found is None:
            message = f"'{told}' is neither yes nor no" if told else "this says neither yes nor no"
            hint = "write yes, or no to leave the deal on its version"
            self.faults.append(PlanFault(f"{row}, migrate", message, hint))
        return found is not False

    def add(self, line: FilledLine, target: tuple[str, int, str]) -> None:
        """A line that could be read; each deal has one, and all are of one plan."""
        before = self._seen.setdefault(line.deal, line.row)
        if before != line.row:
            message = f"deal '{line.deal}' stands in {before} already"
            self.faults.append(PlanFault(line.row, message, "take one of the two out"))
        self._targets.setdefault(target, line.row)
        self.lines.append(line)

    def _check_deal(self, row: str, told: str, deal: str) -> None:
        # A spreadsheet makes 7 of 007 and 1E+15 of long numbers; the name in the base is the one that counts.
        if told == deal or _MANGLED.sub("", told) == _MANGLED.sub("", deal) or _is_number(told):
            return
        message = f"the row was made for deal '{deal}', and says '{told}'"
        hint = "put the name back; each row keeps its deal, for its base is of that deal"
        self.faults.append(PlanFault(f"{row}, deal", message, hint))

    def whole(self, path: Path) -> Read:
        """The plan, as far as it can be told to which version it leads."""
        if len(self._targets) > 1:
            (first, row), (other, at) = list(self._targets.items())[:2]
            message = f"the file holds rows of two plans: {row} is of {_target(first)}, {at} of {_target(other)}"
            self.faults.append(PlanFault(f"{at}, base", message, "keep the rows of one plan"))
            return None, tuple(self.faults)
        if not self._targets and self.faults:
            return None, tuple(self.faults)
        if not self._targets:
            raise UnreadableFile(
                f"'{path}' holds no deal, so there is nothing to do",
                hint="all rows were taken out, or every open deal was on the version when the plan was made",
            )
        process, version, digest = next(iter(self._targets))
        filled = FilledPlan(process, version, digest, tuple(self.lines), self.made_at, self.made_at_in)
        return filled, tuple(self.faults)


def _target(of: tuple[str, int, str]) -> str:
    return f"{of[0]}@{of[1]} ({of[2][:12]})"


def _plain(cell: str) -> str:
    """A cell as it was meant: without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@＝＋－＠") else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+", text))


def _yes_or_no(cell: str) -> bool | None:
    word = cell.strip().strip("'=()").strip().casefold()
    return True if word in _YES else False if word in _NO else None


def _of_json(text: str, path: Path) -> Read:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"'{path}' is no JSON: {error}", hint="make the plan again with 'stagewright plan'"
        ) from None
    if not isinstance(data, dict) or data.get("schema") != "stagewright/plan/1":
        raise UnreadableFile(f"'{path}' is no plan", hint=_GIVE)
    target = _target_of(data)
    lines = data.get("lines")
    if target is None or not isinstance(lines, list):
        raise UnreadableFile(f"'{path}' does not say to which version it leads", hint="make the plan again")
    filling = _Filling()
    for number, line in enumerate(lines, start=1):
        _take_json(f"line {number}", line, target, filling)
    if not lines:
        return FilledPlan(*target, ()), ()
    filling.made_at, filling.made_at_in = _moment(str(data.get("made_at", ""))), "made_at"
    return filling.whole(path)


def _target_of(data: Mapping[str, Any]) -> tuple[str, int, str] | None:
    process, version, digest = data.get("process"), data.get("version"), data.get("digest")
    if type(process) is not str or type(version) is not int or type(digest) is not str:
        return None
    return (process, version, digest) if _DIGEST.match(digest) else None


def _moment(told: str) -> datetime | None:
    """When a plan was made; none where it is not told, or is no time at which there were plans."""
    try:
        found = datetime.fromisoformat(told)
        return found.astimezone(UTC) if found.tzinfo and found.year >= _FIRST_YEAR else None
    except (ValueError, OverflowError):
        return None


_OF_LINE: Mapping[str, type] = {"deal": str, "digest": str, "length": int, "to_stage": str, "migrate": bool}


def _take_json(row: str, line: Any, target: tuple[str, int, str], filling: _Filling) -> None:
    if not isinstance(line, dict):
        filling.faults.append(PlanFault(row, "this is no line of a plan", "make the plan again"))
        return
    wrong = [name for name, of in _OF_LINE.items() if type(line.get(name)) is not of]
    tracks = line.get("tracks", [])
    because = line.get("because", "")
    if not isinstance(tracks, list) or not all(_is_step(step) for step in tracks):
        wrong.append("tracks")
    if not isinstance(because, str):
        wrong.append("because")
    if "digest" not in wrong and not _DIGEST.match(line["digest"]):
        wrong.append("digest")
    if wrong:
        expected = {
            "digest": "16 to 64 hexadecimal digits, as 'stagewright plan' wrote them",
            "length": "a whole number",
            "migrate": "true or false",
            "tracks": "a list of steps",
        }
        for name in wrong:
            filling.faults.append(PlanFault(f"{row}, {name}", f"this is to be {expected.get(name, 'a text')}"))
        return
    steps = {step["track"]: step["to"] for step in tracks if step["to"]}
    filled = FilledLine(
        row,
        line["deal"],
        line["digest"],
        line["length"],
        line["to_stage"].strip(),
        steps,
        line["migrate"],
        because.strip(),
        str(line.get("stage", "")),
    )
    filling.add(filled, target)


def _is_step(step: Any) -> bool:
    return isinstance(step, dict) and type(step.get("track")) is str and type(step.get("to")) is str
