"""Formulas of derived metrics: text to terms, and whether what they name is there and fits together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from engine.loading import codes, written
from engine.loading.meant import word_meant
from engine.loading.nodes import Node
from engine.loading.origins import origin_of
from engine.loading.reading import Reading
from engine.model.formula import Formula, MetricRef, Operation, Term, refs
from engine.model.metric import STATS, SUMMED, TIMES, dimension, stats_of
from engine.model.names import did_you_mean
from engine.model.process import Metric

_TOKEN = re.compile(r"\s*(?:([0-9]{1,18}(?:\.[0-9]{1,9})?)(%?)|([A-Za-z_][\w]*(?:\.[\w]+)?)|(\S))")
_LONGEST, _DEEPEST, _MOST = 4_000, 24, 200
_HOW = "write ids of metrics, numbers, + - * / and brackets, such as won_value / wins"


class _Fault(Exception):
    """The text is no formula from here on."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


def formula(node: Node | None, reading: Reading) -> Formula | None:
    """The formula in a node; ``None`` where there is none or it is at fault, which is then told."""
    scalar = written.scalar(node)
    if scalar is None:
        return None
    origin = origin_of(scalar)
    try:
        return Formula(scalar.value.strip(), _Reader(scalar.value).whole(), origin)
    except _Fault as fault:
        reading.found.error(codes.NO_FORMULA, origin.at(fault.offset), str(fault), _HOW)
        return None


class _Reader:
    """Reads one text; ``at`` is the token that comes next."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise _Fault(_LONGEST, f"the formula is longer than {_LONGEST:,} characters")
        self._tokens = [*_TOKEN.finditer(text)]
        self._end = len(text.rstrip())
        self._at = 0

    def whole(self) -> Term:
        """The whole text."""
        if len(self._tokens) > _MOST:
            raise _Fault(self._tokens[_MOST].start(), f"the formula has more than {_MOST} parts")
        found = self._sum(0)
        if self._at < len(self._tokens):
            raise self._unexpected("an operator or the end")
        return found

    def _sum(self, depth: int) -> Term:
        found = self._product(depth)
        while self._sign() in ("+", "-"):
            found = self._operation(found, lambda: self._product(depth))
        return found

    def _product(self, depth: int) -> Term:
        found = self._part(depth)
        while self._sign() in ("*", "/"):
            found = self._operation(found, lambda: self._part(depth))
        return found

    def _operation(self, left: Term, right: Callable[[], Term]) -> Operation:
        token = self._tokens[self._at]
        self._at += 1
        return Operation(token[4], left, right(), token.start(4))

    def _part(self, depth: int) -> Term:
        sign = self._sign()
        if depth >= _DEEPEST:
            raise _Fault(self._offset(), f"the formula is nested deeper than {_DEEPEST}")
        if sign == "(":
            opened = self._offset()
            self._at += 1
            found = self._sum(depth + 1)
            if self._sign() != ")":
                raise self._unexpected("')'") if self._at < len(self._tokens) else _Fault(opened, "'(' is not closed")
            self._at += 1
            return found
        if sign == "-":
            at = self._offset()
            self._at += 1
            return Operation("-", Decimal(0), self._part(depth + 1), at)
        return self._name_or_number()

    def _name_or_number(self) -> Term:
        if self._at >= len(self._tokens) or self._sign():
            raise self._unexpected("a metric, a number or '('")
        token = self._tokens[self._at]
        self._at += 1
        if token[1]:
            return Decimal(token[1]) / (100 if token[2] else 1)
        name, _, stat = token[3].partition(".")
        return MetricRef(name, stat, token.start(3))

    def _sign(self) -> str:
        return self._tokens[self._at][4] or "" if self._at < len(self._tokens) else ""

    def _offset(self) -> int:
        if self._at >= len(self._tokens):
            return self._end
        token = self._tokens[self._at]
        return token.start(token.lastindex or 0)

    def _unexpected(self, expected: str) -> _Fault:
        if self._at >= len(self._tokens):
            return _Fault(self._end, f"the formula ends where {expected} should stand")
        return _Fault(self._offset(), f"'{self._tokens[self._at][0].strip()}' stands where {expected} should")


def fitting(metrics: Iterable[Metric], written_ids: Iterable[str], reading: Reading) -> tuple[Metric, ...]:
    """The metrics without derived ones that name what is not there, rest on themselves or do not fit; those are told.

    ``written_ids`` are all that stand in the file: those at fault are not told again where they are named.
    """
    read = tuple(metrics)
    known, faulty = {metric.id: metric for metric in read}, frozenset(written_ids) - {metric.id for metric in read}
    sound = {metric.id: metric for metric in read if metric.kind != "derived"}
    named = [one for one in read if one.kind == "derived" and _all_there(one, known, faulty, reading)]
    while more := [one for one in named if one.id not in sound and _names(one) <= sound.keys()]:
        sound |= {one.id: one for one in more}
    for one in named:
        if one.id not in sound:
            _tell_circle(one, named, reading)
        else:
            _tell_misfit(one, sound, reading)
    return tuple(metric for metric in read if metric.id in sound)


def _names(metric: Metric) -> frozenset[str]:
    of = metric.parts.get("of")
    return frozenset(ref.metric for ref in refs(of.term)) if isinstance(of, Formula) else frozenset()


def _all_there(metric: Metric, known: Mapping[str, Metric], faulty: frozenset[str], reading: Reading) -> bool:
    of = metric.parts.get("of")
    if not isinstance(of, Formula):
        return False
    fit = True
    for ref in refs(of.term):
        at = of.origin.at(ref.offset)
        if ref.metric not in known:
            fit = False
            if ref.metric not in faulty:
                hint = _of_a_fact(ref.metric, reading)
                hint = hint or did_you_mean(ref.metric, (name for name in known if name != metric.id), most=12)
                hint = hint or "declare it under 'metrics', such as {type: sum, of: amount, where: won}"
                reading.found.error(codes.UNKNOWN_METRIC, at, f"unknown metric '{ref.metric}'", hint)
        elif problem := _stat_problem(ref, known[ref.metric]):
            fit = False
            reading.found.error(codes.NOT_A_CHOICE, at, *problem)
    return fit


def _of_a_fact(name: str, reading: Reading) -> str:
    """The hint where a formula names a fact: that is of one deal, and a formula is of figures of many."""
    if name not in reading.facts:
        return ""
    summed = reading.facts[name].type.kind in SUMMED
    metric = f"{{type: sum, of: {name}}}" if summed else f"{{type: count, of: given({name})}}"
    return f"'{name}' is a fact: make a metric of it, such as {metric}"


def _stat_problem(ref: MetricRef, metric: Metric) -> tuple[str, str] | None:
    """Why it is not told which of the figures of a metric is meant, and the mend."""
    told = stats_of(metric)
    if metric.kind not in TIMES:
        message = f"'{metric.id}' is a {metric.kind} and has one figure"
        return (message, f"write {metric.id}") if ref.stat else None
    if ref.stat and ref.stat not in STATS:
        hint = word_meant(ref.stat, STATS) or did_you_mean(ref.stat, STATS)
        return f"'{ref.stat}' is not one of: {', '.join(STATS)}", hint
    if not ref.stat and len(told) > 1:
        return f"'{metric.id}' has several figures: {', '.join(told)}", f"say which: {metric.id}.{told[0]}"
    return None


def _tell_circle(metric: Metric, among: Iterable[Metric], reading: Reading) -> None:
    by_id = {one.id: one for one in among}
    way, seen = [metric.id], metric
    while (after := next((by_id[name] for name in sorted(_names(seen)) if name in by_id), None)) is not None:
        way.append(after.id)
        seen = after
        if way.count(after.id) > 1:
            break
    if way[-1] == metric.id:
        # Whatever merely rests on a circle is mended with it.
        message = f"'{metric.id}' rests on itself: {' -> '.join(way)}"
        reading.found.error(codes.METRIC_CIRCLE, metric.at, message, "take one of them out of the other's formula")


def _tell_misfit(metric: Metric, among: Mapping[str, Metric], reading: Reading) -> None:
    of, found = metric.parts.get("of"), dimension(metric, among)
    if isinstance(of, Formula) and isinstance(found, Operation):
        message = f"the two sides of '{found.operator}' are not of one kind: money, days and counts cannot be added up"
        hint = "add what is counted in the same unit, or multiply or divide"
        reading.found.error(codes.METRIC_MISFIT, of.origin.at(found.offset), message, hint)
