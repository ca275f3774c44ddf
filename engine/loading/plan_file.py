"""A plan of deals as a person gives it back: JSON or rows of a spreadsheet, to what is asked for. Nothing is judged."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean
from engine.model.plan import FilledLine, FilledPlan, PlanFault

Row = tuple[int, Mapping[str, str]]
"""The number of a row, the first of the sheet being 1, and its cells by column."""

COLUMNS = ("deal", "to_stage", "migrate", "because", "base")
"""The columns without which rows cannot be read."""
TRACK = "track:"
"""How the columns of side tracks begin."""

_GIVE = "give the .json, .csv or .xlsx file that 'stagewright plan NEW -o FILE' wrote"
_SIZE_LIMIT = 512 * 2**20
_YES = frozenset("yes y true 1 x ja j wahr oui vrai si sí sì verdadero sim".split())
_NO = frozenset("no n false 0 nein falsch non faux falso não nao".split())
_BASE = re.compile(r"([a-z0-9][a-z0-9-]*)@(\d{1,9}) ([0-9a-f]{16}) (\d{1,9}) ([0-9a-f]{16}) (\d{1,9}) (\S+)\Z")
_MANGLED = re.compile(r"[\s'’]|^0+|\.0*$|,0*$")

Read = tuple[FilledPlan | None, tuple[PlanFault, ...]]
"""The plan, as far as it can be read, and what is wrong with the file: where anything is, nothing is to be done."""


def read_plan(path: Path) -> Read:
    """The plan of a JSON or CSV file. Raises ``UnreadableFile`` for what is neither."""
    text = _text(_bytes(path), path)
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(text, path)
    return of_rows(_csv_rows(text, path), path)


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
        self._targets: dict[tuple[str, int, str], str] = {}
        self._seen: dict[str, str] = {}

    def take(self, row: str, cells: Mapping[str, str]) -> None:
        """The next row."""
        base = _BASE.match(cells["base"].strip())
        if base is None:
            hint = "copy it from the file that 'stagewright plan' wrote, or take the row out"
            self.faults.append(PlanFault(f"{row}, base", "this is not what 'stagewright plan' wrote", hint))
            return
        process, version, digest, _, old, length, name = base.groups()
        deal = unquote(name, errors="surrogatepass")
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
        return FilledPlan(process, version, digest, tuple(self.lines)), tuple(self.faults)


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


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UnreadableFile(f"there is no file '{path}'")
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}") from None
    if len(data) > _SIZE_LIMIT:
        raise UnreadableFile(f"'{path}' is larger than {_SIZE_LIMIT // 2**20} MB: it is not read")
    return data


def _text(data: bytes, path: Path) -> str:
    """The text, in UTF-8, in UTF-16 with its mark, or else as Windows writes it where Europe's letters are used."""
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"'{path}' is no text", hint="give a plan as .json, .csv or .xlsx")
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"the text of '{path}' cannot be read", hint="save it as 'CSV UTF-8'")


def _csv_rows(text: str, path: Path) -> tuple[Row, ...]:
    csv.field_size_limit(2**20)
    try:
        return tuple(_numbered(text))
    except csv.Error as error:
        raise UnreadableFile(f"'{path}' is no CSV file: {error}", hint="save it again as 'CSV UTF-8'") from None


def _numbered(text: str) -> Iterator[Row]:
    # Excel may say in a line of its own what stands between cells.
    first = text.partition("\n")[0].strip().lower()
    said = first[4:5] if first.startswith("sep=") else ""
    start = text.find("\n") + 1 if said else 0
    head = text[start:].lstrip("\r\n").partition("\n")[0]
    delimiter = said or max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter)
    header: list[str] | None = None
    number = 2 if said else 1
    for cells in reader:
        if header is None and any(cell.strip() for cell in cells):
            header = [cell.strip() for cell in cells]
            yield number, dict.fromkeys(header, "")
        elif header is not None:
            yield number, dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        number += 1


def _of_json(text: str, path: Path) -> Read:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"'{path}' is no JSON: {error}", hint="make the plan again with 'stagewright plan'"
        ) from None
    if not isinstance(data, dict) or data.get("schema") != "stagewright/plan/1":
        raise UnreadableFile(f"'{path}' is no plan", hint=_GIVE)
    target = data.get("process"), data.get("version"), data.get("digest")
    lines = data.get("lines")
    if not (type(target[0]) is str and type(target[1]) is int and type(target[2]) is str and isinstance(lines, list)):
        raise UnreadableFile(f"'{path}' does not say to which version it leads", hint="make the plan again")
    filling = _Filling()
    for number, line in enumerate(lines, start=1):
        _take_json(f"line {number}", line, target, filling)
    if not lines:
        return FilledPlan(target[0], target[1], target[2], ()), ()
    return filling.whole(path)


_OF_LINE: Mapping[str, type] = {"deal": str, "digest": str, "length": int, "to_stage": str, "migrate": bool}


def _take_json(row: str, line: Any, target: tuple[Any, Any, Any], filling: _Filling) -> None:
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
    if wrong:
        expected = {"length": "a whole number", "migrate": "true or false", "tracks": "a list of steps"}
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
