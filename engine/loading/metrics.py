"""Metrics: declared measures. Words for deals and moments stay words; all else becomes typed expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.loading import codes, written
from engine.loading.formulas import fitting, formula
from engine.loading.ids import fit
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.reading import Reading, expression, known, known_fact, stage
from engine.loading.reading import stages as read_stages
from engine.loading.schema_measures import DEAL_WORDS, METRIC_KINDS, MOMENTS
from engine.model.expression import Expression
from engine.model.metric import SUMMED
from engine.model.names import nearest
from engine.model.place import Place
from engine.model.process import Metric, MetricPart
from engine.model.syntax import ContextRef, Kind, walk

_DATES = ("started_at", "closed_at")
_NEARLY_DATES = {
    **dict.fromkeys(("started", "start", "created", "created_at"), "started_at"),
    **dict.fromkeys(("closed", "close", "won", "lost", "won_at", "lost_at", "ended", "ended_at"), "closed_at"),
}
_OF_THE_MOVER = {
    "to": "ask where it stands, with stage, or where it has been, with reached(…)",
    "note": "leave it out, or record a fact in its stead",
    "actor.role": "leave it out, or record a fact in its stead",
}


def metrics(node: Node | None, reading: Reading) -> tuple[Metric, ...]:
    """The metrics that can be read whole."""
    read = []
    for key, value in written.pairs(node):
        kind = written.text(written.get(value, "type"))
        if not isinstance(value, Keyed) or not fit(key, reading.found, noun="metric", words=True):
            continue
        parts = {name.value: _part(kind, name.value, part, reading) for name, part in value.pairs()}
        whole = {name: part for name, part in parts.items() if part is not None}
        if kind in METRIC_KINDS and len(whole) == len(parts) - ("type" in parts) - ("title" in parts):
            read.append(Metric(key.value, kind, written.text(value.get("title")), whole, key.at))
    return fitting(read, (key.value for key, _ in written.pairs(node)), reading)


def _part(kind: str, name: str, node: Node, reading: Reading) -> MetricPart | None:
    if name in ("type", "title"):
        return None
    if name == "of" and kind == "derived":
        return formula(node, reading)
    if name == "of":
        return _deals(node, reading) if kind == "count" else _summed(node, reading)
    if name in ("from", "to"):
        return _stage(name, node, reading) if kind == "conversion" else _moment(node, reading)
    reader = _READERS.get(name)
    return reader(node, reading) if reader else None


def _deals(node: Node, reading: Reading) -> MetricPart | None:
    """Which deals: a word or a condition; or both the deals and the date by which they count."""
    if not isinstance(node, Keyed):
        return _word(node, reading)
    count = node.get("count")
    of = _deals(count, reading) if count else None
    if "by" not in node.entries or of is None:
        return {"count": of} if of is not None else None
    by = _by(node.entries["by"][1], reading)
    return {"count": of, "by": by} if by else None


def _word(node: Node, reading: Reading) -> MetricPart | None:
    """One of the words for deals, or a condition; a word that is nearly one of them is told as such."""
    word = written.text(node)
    if word in DEAL_WORDS:
        return word
    near = nearest(word, DEAL_WORDS) if word.isalpha() and word not in reading.facts else ""
    if near:
        message = f"'{word}' is neither a fact nor one of: {', '.join(DEAL_WORDS)}"
        reading.found.error(codes.NOT_A_CHOICE, node.at, message, f"did you mean '{near}'?")
        return None
    return _not_of_mover(expression(node, reading, what="condition of a metric"), reading)


def _not_of_mover(read: Expression | None, reading: Reading) -> Expression | None:
    """The expression, unless it asks for what is known only while a deal moves: then that is told."""
    faults = of_the_mover(read) if read else ()
    for word, at, hint in faults:
        message = f"a metric looks at deals as they stand, and '{word}' is known only while one moves"
        reading.found.error(codes.OF_THE_MOVER, at, message, hint)
    return None if faults else read


def of_the_mover(read: Expression) -> tuple[tuple[str, Place, str], ...]:
    """The words in an expression that are known only while a deal moves, where they stand, and what to ask instead."""
    named = [each for each in walk(read.tree) if isinstance(each, ContextRef) and each.name in _OF_THE_MOVER]
    return tuple((each.name, read.origin.at(each.span[0]), _OF_THE_MOVER[each.name]) for each in named)


def _by(node: Node, reading: Reading) -> str | None:
    name = written.scalar(node)
    if name is None or name.value in _DATES:
        return name.value if name else None
    if name.value not in reading.facts and (date := _NEARLY_DATES.get(name.value, "")):
        reading.found.error(codes.UNKNOWN_FACT, name.at, f"unknown fact '{name.value}'", f"write {date}")
        return None
    return _date_fact(name, reading)


def _date_fact(node: Scalar, reading: Reading) -> str | None:
    fact = known_fact(node, reading)
    if fact and fact.type.kind is not Kind.DATE:
        hint = f"name a date fact, or one of: {', '.join(_DATES)}"
        reading.found.error(codes.VALUE_MISFIT, node.at, f"'{fact.id}' is {fact.type}, not a date", hint)
        return None
    return fact.id if fact else None


def _summed(node: Node, reading: Reading) -> MetricPart | None:
    read = _not_of_mover(expression(node, reading, expects=None, what="'of'"), reading)
    if read and read.tree.type.kind not in SUMMED:
        message = f"'of' is {read.tree.type}, which cannot be summed"
        reading.found.error(codes.VALUE_MISFIT, read.at, message, "sum a number, money, percent or duration")
        return None
    return read


def _within(node: Node, _: Reading) -> MetricPart | None:
    return written.duration(node)


def _stats(node: Node, _: Reading) -> MetricPart | None:
    return written.texts(node) or None


def _stage(part: str, node: Node, reading: Reading) -> MetricPart | None:
    reached = node.get("reached") if isinstance(node, Keyed) else None
    if reached is not None and part == "from" and len(node.entries) == 1:  # type: ignore[union-attr]
        stages = read_stages(reached, reading.main, reading)
        return {"reached": stages} if stages else None
    name = written.scalar(node)
    found = stage(name, reading.main, reading) if name else ()
    if isinstance(node, Keyed):
        hint = "write the id of a stage; where a conversion starts, {reached: a-stage} stands too"
        reading.found.error(codes.WRONG_SHAPE, node.at, "a conversion is from one stage to another", hint)
    return found[0] if found else None


def _stages(node: Node, reading: Reading) -> MetricPart | None:
    return read_stages(node, reading.main, reading) or None


def _moment(node: Node, reading: Reading) -> MetricPart | None:
    """A word (started, closed), a stage, or the first of some things, as ``{kind: names}``."""
    if not isinstance(node, Keyed):
        name = written.scalar(node)
        if name is None or name.value in MOMENTS:
            return name.value if name else None
        if kind := _kind_meant(name.value, reading):
            message = f"'{name.value}' is no stage but a {kind}"
            reading.found.error(codes.UNKNOWN_STAGE, name.at, message, f"write {{{kind}: {name.value}}}")
            return None
        found = stage(name, reading.main, reading)
        return {"stage": found} if found else None
    read: dict[str, MetricPart] = {}
    for key, value in node.pairs():
        names = _things(key.value, value, reading)
        if names:
            read[key.value] = names
    return read or None


def _kind_meant(name: str, reading: Reading) -> str:
    """What else than a stage a bare name is, if it is one: the key that a moment needs before it."""
    if name in reading.main.known or name in reading.main.groups:
        return ""
    dates = [fact.id for fact in reading.facts.values() if fact.type.kind is Kind.DATE]
    among = {"fact": dates, "touchpoint": reading.scope.touchpoints, "action": reading.scope.actions}
    return next((kind for kind, names in among.items() if name in names), "")


def _things(kind: str, node: Node, reading: Reading) -> tuple[str, ...]:
    if kind in ("stage", "reached"):
        return read_stages(node, reading.main, reading)
    scalars = written.scalars(node)
    if kind == "fact":
        facts = (_date_fact(one, reading) for one in scalars)
        return tuple(fact for fact in facts if fact)
    if kind == "touchpoint":
        among = reading.scope.touchpoints
        return known(scalars, among, reading, code=codes.UNKNOWN_TOUCHPOINT, noun=kind)
    return known(scalars, reading.scope.actions, reading, code=codes.UNKNOWN_ACTION, noun="action")


_READERS: Mapping[str, Callable[[Node, Reading], MetricPart | None]] = {
    "numerator": _deals,
    "denominator": _deals,
    "where": _deals,
    "by": _by,
    "within": _within,
    "stats": _stats,
    "stage": _stages,
}
