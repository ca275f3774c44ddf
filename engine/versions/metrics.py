"""What differs in metrics: codes D8xx."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.expression import Expression
from engine.model.formula import Formula, refs
from engine.model.process import Metric, MetricPart
from engine.model.values import duration_text
from engine.versions.matched import Couples, action_couples, alike, fact_couples, stage_couples
from engine.versions.pair import Pair

_OTHERWISE = "figures stop being comparable with those before"
_STAGES, _ACTIONS, _FACTS = (
    frozenset({"stage", "reached", "from", "to"}),
    frozenset({"action"}),
    frozenset({"by", "fact"}),
)


def metric_changes(pair: Pair) -> Iterator[Change]:
    """Metrics added, removed, reckoned otherwise, or with another title."""
    old = {metric.id: metric for metric in pair.old.metrics}
    new = {metric.id: metric for metric in pair.new.metrics}
    otherwise = {one.id for one in new.values() if one.id in old and _is_otherwise(old[one.id], one, pair)}
    for one in new.values():
        if one.id not in old:
            yield _change("D801", None, one, f"the metric '{one.id}' is new")
            continue
        was = old[one.id]
        if one.id in otherwise:
            before, after = _apart(was, one, pair)
            says = f"the metric '{one.id}' is reckoned otherwise"
            if before == after:
                says, after = f"{says}, for what it names was put together or split ({before})", ""
            yield _change("D803", was, one, f"{says}: {_OTHERWISE}", before if after else "", after)
        elif rests := _rests_on(one, new, otherwise):
            says = f"the metric '{one.id}' rests on '{rests}', which is reckoned otherwise"
            yield _change("D803", was, one, f"{says}: {_OTHERWISE}")
        if was.title != one.title:
            yield _change("D804", was, one, f"the title of the metric '{one.id}' is another", was.title, one.title)
    for one in old.values():
        if one.id not in new:
            yield _change("D802", one, None, f"the metric '{one.id}' is gone")


def _is_otherwise(was: Metric, now: Metric, pair: Pair) -> bool:
    return was.kind != now.kind or not _alike(was.parts, now.parts, pair)


def _rests_on(metric: Metric, among: Mapping[str, Metric], otherwise: Collection[str]) -> str:
    """The first of the metrics reckoned otherwise that a derived one is made of, however deep; empty: none."""
    of = metric.parts.get("of")
    for ref in refs(of.term) if isinstance(of, Formula) else ():
        its = ref.metric if ref.metric in otherwise else ""
        its = its or (_rests_on(among[ref.metric], among, otherwise) if ref.metric in among else "")
        if its:
            return its
    return ""


def _apart(was: Metric, now: Metric, pair: Pair) -> tuple[str, str]:
    """What each of the two says where they differ."""
    if was.kind != now.kind:
        return was.kind, now.kind
    differ = [
        name
        for name in dict.fromkeys((*was.parts, *now.parts))
        if name not in was.parts or name not in now.parts or not _same(name, was.parts[name], now.parts[name], pair)
    ]
    before, after = (
        ", ".join(f"{name} {_written(one.parts[name])}" for name in differ if name in one.parts) for one in (was, now)
    )
    return before, after


def _written(part: MetricPart) -> str:
    if isinstance(part, (Expression, Formula)):
        return part.text
    if isinstance(part, timedelta):
        return duration_text(part)
    if isinstance(part, Mapping):
        return ", ".join(f"{name} {_written(one)}" for name, one in part.items())
    return part if isinstance(part, str) else " and ".join(part)


def _alike(was: Mapping[str, MetricPart], now: Mapping[str, MetricPart], pair: Pair) -> bool:
    return was.keys() == now.keys() and all(_same(name, was[name], now[name], pair) for name in was)


def _same(name: str, was: MetricPart, now: MetricPart, pair: Pair) -> bool:
    if isinstance(was, Expression) and isinstance(now, Expression):
        return alike(was, now, pair)
    if isinstance(was, Formula) and isinstance(now, Formula):
        return was.term == now.term
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        return _alike(was, now, pair)
    if isinstance(was, tuple) and isinstance(now, tuple):
        return len(was) == len(now) and all(any(_called(name, a, b, pair) for b in now) for a in was)
    if isinstance(was, str) and isinstance(now, str):
        return _called(name, was, now, pair)
    return was == now


def _called(name: str, was: str, now: str, pair: Pair) -> bool:
    """Whether two names are of one thing, which nothing was put together with or split from."""
    if name in _STAGES:
        both = stage_couples(pair)
    elif name in _FACTS:
        both = fact_couples(pair)
    else:
        both = action_couples(pair) if name in _ACTIONS else ()
    return _alone(was, now, both) or (was == now and not any(was in two for two in both))


def _alone(was: str, now: str, both: Couples) -> bool:
    return [two for two in both if two[0] == was or two[1] == now] == [(was, now)]


def _change(code: str, old: Metric | None, new: Metric | None, says: str, before: str = "", after: str = "") -> Change:
    thing = new.id if new else old.id if old else ""
    at = (old.at if old else None, new.at if new else None)
    return Change(code, Level.NOTE, Subject.METRICS, thing, says, *at, before, after)


_WIN_RATE = "  win_rate: {type: ratio, numerator: won, denominator: closed, by: closed_at}\n"

CODES: tuple[Code, ...] = (
    Code(
        "D801",
        "a metric is new",
        (Level.NOTE,),
        "D802",
        "There is one more figure. It can be reckoned of the past too, as far as deals have what it reads.",
        Example(_WIN_RATE, _WIN_RATE + "  in_demo: {type: dwell, stage: demo}\n"),
        "base_rest.yaml",
    ),
    Code(
        "D802",
        "a metric is gone",
        (Level.NOTE,),
        "D801",
        "Reports that show the figure have to do without it.",
        Example("  started: {type: count, of: started, by: started_at}\n", ""),
        "base_rest.yaml",
    ),
    Code(
        "D803",
        "a metric is reckoned otherwise",
        (Level.NOTE,),
        "D803",
        "The figure has kept its name and means something else, so figures stop being comparable with those before. "
        "A new metric with an id of its own keeps both apart.",
        Example("denominator: closed, by: closed_at", "denominator: started, by: started_at"),
        "base_rest.yaml",
    ),
    Code(
        "D804",
        "a metric has another title",
        (Level.NOTE,),
        "D804",
        "Only what people read is another.",
        Example("{type: ratio, numerator", "{type: ratio, title: Won of all closed, numerator"),
        "base_rest.yaml",
    ),
)
