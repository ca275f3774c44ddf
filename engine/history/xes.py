"""An XES file, streamed: each event is a row; what its trace says of all its events stands in columns ``case:…``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from engine.history.columns import Coded
from engine.history.quick_xes import parse_quickly
from engine.history.sheet import ROW_LIMIT, Layout, Sheet, check_width, wanted_of
from engine.history.unpack import open_bytes
from engine.history.xes_log import CASE, Enough, Log
from engine.model.errors import UnreadableFile

NAME = "case:concept:name"

_PART = 262_144
_TEXTS = 32_768
"""So many texts of a column wait to be packed: fewer at a time take longer."""

_TRACE, _EVENT, _ATTRIBUTE = 1, 2, 3


def read_xes(path: Path, layout: Layout) -> Sheet:
    """The wanted columns of an XES file: ``case:KEY`` of a trace, ``KEY`` of an event. Raises ``UnreadableFile``."""
    log = Log(frozenset(layout.wanted), ROW_LIMIT if layout.rows is None else layout.rows)
    if layout.rows is not None or not parse_quickly(path, log):
        log = Log(log.wanted, log.most)
        parse_slowly(path, log)
    _check(path, log)
    names = wanted_of((*log.columns, *log.unread), path, layout)
    starts: npt.NDArray[np.int32] = np.frombuffer(log.starts, np.int32) if log.starts else np.zeros(0, np.int32)
    trace = np.repeat(np.arange(len(starts)), np.diff(starts, append=log.events))
    columns = {name: _column(name, log, trace) for name in names}
    return Sheet(
        columns=columns,
        letters={name: name for name in names},
        numbers=np.arange(1, log.events + 1, dtype=np.int32),
        unread=tuple(log.unread),
        total=log.events,
        blank=0,
        misfits=(),
        notes=tuple(_notes(log)),
        has_iso_dates=True,
        named=_namer(columns.get(NAME), trace, starts),
    )


def _column(name: str, log: Log, trace: npt.NDArray[np.intp]) -> Coded:
    growing = log.columns.pop(name)
    if not name.startswith(CASE):
        return growing.whole(log.events)
    each = growing.whole(len(log.starts))
    return Coded(each.texts, each.codes[trace])


def _namer(
    deals: Coded | None, trace: npt.NDArray[np.intp], starts: npt.NDArray[np.int32]
) -> Callable[[str, int], str]:
    def named(column: str, row: int) -> str:
        deal = deals.text(row) if deals else ""
        whose = f"deal {deal}" if deal else f"trace {trace[row] + 1}"
        if column.startswith(CASE):
            return f"{whose}, {column}"
        return f"event {row - starts[trace[row]] + 1} of {whose}, {column}"

    return named


def _notes(log: Log) -> Iterator[str]:
    if log.nested:
        yield f"{log.nested:,} attributes inside other attributes were not read"
    if log.astray:
        yield f"{log.astray:,} events outside of any trace were not read"


def _check(path: Path, log: Log) -> None:
    if not log.events:
        raise UnreadableFile(f"'{path}' holds no events")
    check_width(len(log.columns) + len(log.unread), path)


def parse_slowly(path: Path, log: Log) -> None:
    """Fills the log from any XES file, element by element. Raises ``UnreadableFile``."""
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _refuser(path)
    ends: list[str] = []
    parser.StartElementHandler, forget = _starter(path, log, ends)
    parser.EndElementHandler = ends.append
    try:
        with open_bytes(path) as file:
            while part := file.read(_PART):
                parser.Parse(part)
                forget()
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place only
    except Enough:
        pass
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise UnreadableFile(
            f"'{path}' is broken XML: line {error.lineno}, column {error.offset + 1}: {what}",
            hint="export it again, or mend that line",
        ) from None


def _refuser(path: Path) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        # Entities are declared there: a few lines of them can grow to gigabytes, or read other files.
        raise UnreadableFile(f"'{path}' declares a document type, which no event log needs", hint="remove <!DOCTYPE …>")

    return refuse


def _starter(  # noqa: C901 - a call more for each element would cost a second
    path: Path, log: Log, ends: list[str]
) -> tuple[Callable[[str, list[str]], None], Callable[[], None]]:
    """What expat calls at the start of each element, and what to call now and then.

    The first runs more than a million times a file. So nothing is counted at the end of an element: it is put into
    ``ends`` by a function that is no Python, and the depth of an element is how many began but did not end.
    """
    begun = event = -1
    in_trace = in_event = False
    of_event = _Attributes("", log, path)
    of_trace = _Attributes(CASE, log, path)
    known = of_event.known

    def start(name: str, said: list[str]) -> None:
        nonlocal begun, event, in_trace, in_event
        begun += 1
        depth = begun - len(ends)
        if depth == _ATTRIBUTE and in_event:  # an attribute of an event: nine in ten of all
            try:
                # The usual way to write one; any other is taken apart with more care.
                first, key, _, text = said
                column, at = known[key if first == "key" else ""]
            except (ValueError, KeyError):
                of_event.note(event, said)
                return
            column(text)
            at(event)
        elif depth == _EVENT and in_trace:
            in_event = name == "event"
            if in_event:
                event = log.begin_event()
            else:
                of_trace.note(len(log.starts) - 1, said)
        elif depth <= _TRACE:
            in_trace = _begin(name, depth, path, log)
            in_event = False
        elif in_trace:
            log.nested += "key" in said

    def forget() -> None:
        nonlocal begun
        begun -= len(ends)
        ends.clear()
        for column in log.columns.values():
            if len(column.texts) > _TEXTS:
                column.pack()

    return start, forget


def _begin(name: str, depth: int, path: Path, log: Log) -> bool:
    """Whether what begins near the top of the file is a trace."""
    if depth < _TRACE:
        if name != "log":
            raise UnreadableFile(
                f"'{path}' is XML but no event log: it begins with <{name}>",
                hint="export the deals as CSV or .xlsx; of XML, only XES is read",
            )
        return False
    log.astray += name == "event"
    if name == "trace":
        log.starts.append(log.events)
    return name == "trace"


class _Attributes:
    """Where the attributes of events go, or those of traces. ``known`` are the ways into the columns met so far."""

    def __init__(self, before: str, log: Log, path: Path) -> None:
        self._before = before
        self._log = log
        self._path = path
        self.known: dict[str, tuple[Callable[[str], None], Callable[[int], None]]] = {}

    def note(self, place: int, said: list[str]) -> None:
        """Takes an attribute in, whatever way it is written; one without a value is none."""
        told = dict(zip(said[::2], said[1::2], strict=True))
        key, value = told.get("key"), told.get("value")
        if not key or value is None:
            return
        if key not in self.known:
            check_width(len(self.known), self._path)
            growing = self._log.column(self._before + key)
            self.known[key] = (growing.texts.append, growing.at.append) if growing else (_pass, _pass)
        text, at = self.known[key]
        text(value)
        at(place)


def _pass(_: object) -> None:
    """Takes nothing in."""
