"""An XES file as programs write it, taken apart many tags at a time; any other is left to ``xes``, which reads all.

The XML is checked by expat all the same, which also tells where the bytes could be mistaken for tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.history.columns import Mask, Rows
from engine.history.unpack import open_bytes
from engine.history.xes_log import CASE, Growing, Log

_PART = 2**21
_KEYS = 200
"""So many names of attributes in a part are still looked up one after the other."""

_SINGLE = re.compile(rb"=\s*'")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_Octets = npt.NDArray[np.uint8]


class _Odd(Exception):
    """Something that only the other reader understands."""


@dataclass(slots=True)
class _State:
    """Where the last part ended: how deep, in a trace, in an event, and after how many traces."""

    depth: int = 0
    in_trace: bool = False
    in_event: bool = False
    traces: int = 0


@dataclass(frozen=True, slots=True)
class _Tags:
    """The tags of a part that begin elements: where they begin and end, and how deep each element stands."""

    octets: _Octets
    first: Rows
    last: Rows
    depth: Rows

    def called(self, name: bytes) -> Mask:
        """Which of them have this name."""
        said = np.ones(len(self.first), np.bool_)
        ends = np.minimum(self.first + len(name) + 1, len(self.octets) - 1)
        for place, letter in enumerate(name, 1):
            said &= self.octets[np.minimum(self.first + place, ends)] == letter
        after = self.octets[ends]
        said &= (after <= ord(" ")) | (after == ord(">")) | (after == ord("/"))
        return said

    def only(self, mask: Mask) -> _Tags:
        """Those of the mask."""
        return _Tags(self.octets, self.first[mask], self.last[mask], self.depth[mask])


def parse_quickly(path: Path, log: Log) -> bool:
    """Fills the log; false, and the log is of no use, where the file is not as programs write it."""
    state = _State()
    try:
        with open_bytes(path) as file:
            for part in _checked(iter(lambda: file.read(_PART), b"")):
                _take(part, state, log)
    except (_Odd, expat.ExpatError, UnicodeDecodeError):
        return False
    return True


def _checked(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts, cut before tags, once expat has found nothing wrong or odd in them."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _odd
    parser.StartCdataSectionHandler = _odd
    parser.CommentHandler = _odd_if_tag
    parser.ProcessingInstructionHandler = _odd_if_tag
    parser.XmlDeclHandler = _odd_unless_utf_8
    rest = b""
    for part in parts:
        parser.Parse(part)
        whole = rest + part
        if b"\0" in part or len(whole) > 8 * _PART:
            raise _Odd
        cut = max(whole.rfind(b"<"), 0)
        rest = whole[cut:]
        yield whole[:cut]
    parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place only
    yield rest


def _odd(*_: object) -> None:
    raise _Odd


def _odd_if_tag(*said: str) -> None:
    if any("<" in each or ">" in each for each in said):
        raise _Odd


def _odd_unless_utf_8(_: str, encoding: str | None, __: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise _Odd


def _take(part: bytes, state: _State, log: Log) -> None:
    if not part or _SINGLE.search(part):
        if part:
            raise _Odd
        return
    tags = _tags(part, state)
    outer = tags.only(tags.depth == 1)
    is_trace = outer.called(b"trace")
    if (state.traces == 0 and not _is_log(tags)) or outer.called(b"event").any():
        raise _Odd
    inner = tags.only(tags.depth == 2)
    of_outer = np.searchsorted(outer.first, inner.first)
    inside = np.append(state.in_trace, is_trace)[of_outer]
    is_event = inner.called(b"event") & inside
    deeper = tags.only(tags.depth >= 3)
    traces_before = state.traces + np.append(0, np.cumsum(is_trace))
    events_before = log.events + np.append(0, np.cumsum(is_event))
    _check_flat(deeper, outer, inner, state=state, is_trace=is_trace, is_event=is_event)
    of_inner = np.searchsorted(inner.first, deeper.first)
    of_event = np.append(state.in_event, is_event)[of_inner]
    _attributes(deeper.only(of_event), events_before[of_inner[of_event]] - 1, "", log)
    of_trace = inside & ~is_event
    _attributes(inner.only(of_trace), traces_before[of_outer[of_trace]] - 1, CASE, log)
    starts = events_before[np.searchsorted(inner.first, outer.first[is_trace])]
    log.starts.frombytes(starts.astype(np.int32).tobytes())
    state.in_event = _last(is_event, outer, state)
    state.in_trace = bool(is_trace[-1]) if len(is_trace) else state.in_trace
    state.traces, log.events = int(traces_before[-1]), int(events_before[-1])


def _last(is_event: Mask, outer: _Tags, state: _State) -> bool:
    if len(is_event):
        return bool(is_event[-1])
    return state.in_event and not len(outer.first)


def _is_log(tags: _Tags) -> bool:
    top = tags.only(tags.depth == 0)
    return bool(top.called(b"log").all())


def _check_flat(deeper: _Tags, outer: _Tags, inner: _Tags, *, state: _State, is_trace: Mask, is_event: Mask) -> None:
    """Attributes inside of other attributes are counted by the other reader, where they stand in a trace."""
    in_trace = np.append(state.in_trace, is_trace)[np.searchsorted(outer.first, deeper.first)]
    of_event = np.append(state.in_event, is_event)[np.searchsorted(inner.first, deeper.first)]
    if (in_trace & ((deeper.depth > 3) | ~of_event)).any():
        raise _Odd


def _tags(part: bytes, state: _State) -> _Tags:
    octets = np.frombuffer(part, np.uint8)
    first, last = np.flatnonzero(octets == ord("<")), np.flatnonzero(octets == ord(">"))
    if len(first) != len(last) or not ((first < last).all() and (last[:-1] < first[1:]).all()):
        raise _Odd  # a value holds one of the two
    kind = octets[first + 1]
    ends = kind == ord("/")
    begins = ~ends & (kind != ord("?")) & (kind != ord("!"))
    change = (begins & (octets[last - 1] != ord("/"))).astype(np.int64) - ends
    depth = state.depth + np.cumsum(change) - change
    state.depth += int(change.sum())
    return _Tags(octets, first[begins], last[begins], depth[begins])


def _attributes(tags: _Tags, places: Rows, before: str, log: Log) -> None:
    """Takes in elements that say ``key="…" value="…"`` and nothing else."""
    if not len(tags.first):
        return
    octets = tags.octets
    quotes = np.append(np.flatnonzero(octets == ord('"')), [len(octets)] * 5)
    at = np.searchsorted(quotes, tags.first)
    opens, closes, begins, ends = (quotes[at + place] for place in range(4))
    if (ends > tags.last).any() or (quotes[at + 4] < tags.last).any():
        raise _Odd
    if not (_precedes(octets, opens, b" key=") & _precedes(octets, begins, b" value=") & (begins - closes == 8)).all():
        raise _Odd
    left = np.arange(len(places))
    for _ in range(_KEYS):
        if not len(left):
            return
        key = octets[opens[left[0]] + 1 : closes[left[0]]].tobytes()
        same = (closes[left] - opens[left] == len(key) + 1) & _precedes(octets, closes[left], key)
        rows, left = left[same], left[~same]
        if not key or b"&" in key:
            raise _Odd
        column = log.column(before + key.decode())
        if column is not None:
            _fill(column, octets, begins[rows] + 1, ends[rows], places[rows])
    raise _Odd


def _precedes(octets: _Octets, places: Rows, text: bytes) -> Mask:
    found = places >= len(text)
    for place, letter in enumerate(reversed(text), 1):
        found &= octets[places - place] == letter
    return found


def _fill(column: Growing, octets: _Octets, begins: Rows, ends: Rows, places: Rows) -> None:
    offsets = np.append(0, np.cumsum(ends - begins))
    letters = octets[np.repeat(begins - offsets[:-1], ends - begins) + np.arange(offsets[-1])]
    if (letters < ord(" ")).any():
        raise _Odd
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(letters)]
    found = pa.Array.from_buffers(pa.string(), len(begins), buffers).dictionary_encode()
    if (letters == ord("&")).any():
        plain = pa.array([_plain(text) for text in found.dictionary.to_pylist()], pa.string())
        found = plain.take(found.indices).dictionary_encode()
    column.chunks.append(found)
    column.at.frombytes(places.astype(np.int32).tobytes())


def _plain(text: str) -> str:
    def meant(found: re.Match[str]) -> str:
        number, hexadecimal, name = found.groups()
        return _NAMED[name] if name else chr(int(number) if number else int(hexadecimal, 16))

    return _REFERENCE.sub(meant, text)
