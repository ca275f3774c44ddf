"""Distinct texts to times, all at once where they are written as ISO 8601 has it; the others are left to ``cells``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.cells import EARLIEST, FORMS, ISO, LATEST, MISSING, zone_of
from engine.history.columns import Mask
from engine.model.map import Map

_Times = npt.NDArray[np.int64]
_Octets = npt.NDArray[np.uint8]
_WAYS = 6
"""So many ways to write a time of one length are read at once; any further way is read text by text."""

_SHAPE = re.compile(r"0000-00-00(?:[T ]00:00(?::00(?P<fraction>\.0{1,6})?)?(?P<zone>Z|\+00:00)?)?\Z")
_CLASS = np.arange(256, dtype=np.uint8)
_CLASS[48:58] = 48
_MINUTE = 60_000_000
_DAY = 1_440 * _MINUTE


def quick_times(texts: pa.StringArray, map_: Map) -> tuple[_Times, Mask]:
    """The times of those texts that can be read at once, and which these are."""
    times = np.full(len(texts), MISSING, np.int64)
    done = np.zeros(len(texts), np.bool_)
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    for length in np.unique(lengths[(lengths >= 10) & (lengths <= 32)]).tolist():
        rows = np.flatnonzero(lengths == length)
        octets = _octets(texts.take(pa.array(rows)), length)
        for _ in range(_WAYS):
            shape = _classes(octets[:1])[0]
            alike = (_classes(octets) == shape).all(axis=1)
            found, good = _times(octets[alike], bytes(shape), map_)
            times[rows[alike]], done[rows[alike]] = found, good & (found >= EARLIEST) & (found <= LATEST)
            rows, octets = rows[~alike], octets[~alike]
            if not len(rows):
                break
    return times, done


def _octets(texts: pa.StringArray, length: int) -> _Octets:
    _, offsets, data = texts.buffers()
    begin = int(np.frombuffer(offsets, np.int32)[texts.offset])
    return np.frombuffer(data, np.uint8, len(texts) * length, begin).reshape(len(texts), length)


def _classes(octets: _Octets) -> _Octets:
    """Any digit as 0, either sign of an offset as +."""
    found = _CLASS[octets]
    offset = found[:, 11:]
    offset[offset == ord("-")] = ord("+")
    return found


def _times(octets: _Octets, shape: bytes, map_: Map) -> tuple[_Times, Mask]:
    """The times of texts of one shape, and which of them are such times as there can be."""
    found = _SHAPE.match(shape.decode("ascii", "replace"))
    if not found or not _is_asked(found, map_):
        return np.full(len(octets), MISSING, np.int64), np.zeros(len(octets), np.bool_)
    times, good = _days(octets)
    if len(shape) > 10:
        hour, minute = _number(octets, 11, 13), _number(octets, 14, 16)
        good &= (hour < 24) & (minute < 60)
        times += (hour * 60 + minute) * _MINUTE
    if shape[16:17] == b":":
        second = _number(octets, 17, 19)
        good &= second < 60
        times += second * 1_000_000
    if found["fraction"]:
        begin, end = found.span("fraction")
        times += _number(octets, begin + 1, end) * 10 ** (7 - (end - begin))
    if not found["zone"]:
        return _in_zone(times, good, zone_of(map_))
    if found["zone"] != "Z":
        begin = found.start("zone")
        hour, minute = _number(octets, begin + 1, begin + 3), _number(octets, begin + 4, begin + 6)
        good &= (hour < 24) & (minute < 60)
        times -= (hour * 60 + minute) * np.where(octets[:, begin] == ord("-"), -_MINUTE, _MINUTE)
    return times, good


def _is_asked(shape: re.Match[str], map_: Map) -> bool:
    """Whether the map reads this shape, and none of its other forms could read it first."""
    text = shape[0].replace("+00:00", "Z")
    for form in map_.dates or (ISO,):
        if form == ISO or (form in FORMS and FORMS[form][1] == text):
            return True
        if form not in FORMS:
            return False
    return False


def _number(octets: _Octets, begin: int, end: int) -> _Times:
    number = np.zeros(len(octets), np.int64)
    for place in range(begin, end):
        number = number * 10 + (octets[:, place] - 48)
    return number


def _days(octets: _Octets) -> tuple[_Times, Mask]:
    year, month, day = _number(octets, 0, 4), _number(octets, 5, 7), _number(octets, 8, 10)
    good = (year > 0) & (month > 0) & (month < 13) & (day > 0)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    good &= day <= (months + 1).astype("datetime64[D]").astype(np.int64) - first
    return (first + day - 1) * _DAY, good


def _in_zone(times: _Times, good: Mask, zone: tzinfo) -> tuple[_Times, Mask]:
    """The times, written in this zone, in UTC. A day on which the clocks are changed is left to ``cells``."""
    if zone is UTC:
        return times, good
    days, which = np.unique(times // _DAY, return_inverse=True)
    offsets = [_offset(day, zone) for day in days.tolist()]
    known = np.fromiter((each is not None for each in offsets), np.bool_, len(offsets))
    return times - np.fromiter((each or 0 for each in offsets), np.int64, len(offsets))[which], good & known[which]


def _offset(day: int, zone: tzinfo) -> int | None:
    try:
        midnight = datetime(1970, 1, 1, tzinfo=zone) + timedelta(days=day)
        found = {(midnight + timedelta(hours=hours)).utcoffset() for hours in (0, 6, 12, 18, 24)}
    except OverflowError:
        return None
    offset = found.pop()
    return None if found or offset is None else offset // timedelta(microseconds=1)
