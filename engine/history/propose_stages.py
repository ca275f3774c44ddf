"""The stages of a proposed map: their order, their ends, and what is rather a contact or says nothing new."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.history import stage_order
from engine.history.columns import Mask
from engine.history.keys import Times, moments_of
from engine.history.seen import Seen
from engine.history.stage_order import Told, Walks
from engine.model.map import Map, Shape
from engine.model.names import STAGE_WORDS

MOST = 60
"""As many stages are named one by one; with more of them the column is hardly one of stages."""

_RARELY_LEFT = 0.5
_NEVER_LEFT = 0.95


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that tell how deals went; ``probability`` is that of the stage, where the file has one."""

    deal: Seen
    stage: Seen
    time: Seen | None
    probability: Seen | None = None


@dataclass(slots=True)
class Staged:
    """``stages`` are names and ids in the order of the pipeline; the rest as in a map and in a proposal."""

    stages: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    touchpoints: dict[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    because: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    says: list[str] = field(default_factory=list)


def stages_of(columns: Columns, map_: Map, keep: Mask) -> Staged:
    """The stages that rows tell, each with its time; ``keep`` are the rows that count."""
    deal, stage, time = columns.deal, columns.stage, columns.time
    staged = Staged()
    keep = keep & stage.has_text
    happened = _times(time, map_) if time else np.zeros(len(keep), np.int64)
    codes, what = np.unique(stage.cells.codes[keep], return_inverse=True)
    names = [str(stage.cells.texts[int(code)].as_py()) for code in codes]
    if len(names) > MOST:
        staged.says.append(
            f"'{stage.name}' has {len(names):,} different texts: name those that are stages under 'stages'"
        )
        return staged
    walked = stage_order.walks(deal.cells.codes[keep], what.astype(np.int32), names, happened[keep])
    if map_.shape is Shape.EVENTS:
        walked = _without_contacts(walked, staged)
    walked = _ended(walked, staged)
    chances = _chances(stage, columns.probability, walked.names) if columns.probability else {}
    _ordered(walked, staged, map_.shape, chances)
    return staged


def _chances(stage: Seen, probability: Seen, names: Sequence[str]) -> Mapping[str, float]:
    """The middle of the probabilities that the rows of each stage name."""
    numbers = [_number(text) for text in probability.cells.each_text()]
    each = np.array(numbers, np.float64)[probability.cells.codes]
    place = {text: code for code, text in enumerate(stage.cells.each_text())}
    return {name: float(np.nanmedian(each[stage.cells.codes == place[name]])) for name in names}


def _number(text: str) -> float:
    try:
        return float(text.strip("% "))
    except ValueError:
        return 0.0


def _times(time: Seen, map_: Map) -> Times:
    moments, _ = moments_of(time.cells, replace(map_, time_zone=map_.time_zone or "UTC"))
    found: Times = moments[time.cells.codes]
    return found


def _without_contacts(walked: Walks, staged: Staged) -> Walks:
    """Leaves the stages: what has a prefix of its own and comes again and again is no stage, nor is a call."""
    known = {each.name: each for each in stage_order.told(walked)}
    kinds = stage_order.prefixes(walked.names)
    if kinds:
        repeats = {kind: _mean_repeats([known[name] for name in names]) for kind, names in kinds.items()}
        calmest = min(repeats, key=lambda kind: repeats[kind])
        busiest = max(repeats, key=lambda kind: repeats[kind])
        for kind in kinds:
            why = f"{len(kinds[kind])} kinds, each {repeats[kind]:.1f} times in a deal that has it"
            if kind != calmest and kind == busiest:
                staged.touchpoints[f"{kind}*"] = "work"
                _say(staged, f"touchpoints/{kind}*", why + ": no order that stages would have", sure=False)
            elif kind != calmest:
                staged.leave_out = (*staged.leave_out, f"{kind}*")
                _say(staged, "leave_out", f"{kind}*: {why}; stages or contacts of their own?", sure=False)
        return stage_order.only(walked, kinds[calmest])
    surely = {name for name in walked.names if stage_order.surely_contact(name)}
    surely = surely if len(walked.names) - len(surely) > 1 else set()
    for name in walked.names:
        word = stage_order.contact_by_name(name)
        if word and (known[name].repeats > 1.0 or name in surely):
            staged.touchpoints[name] = word
            _say(staged, f"touchpoints/{name}", _share(known[name], "times a deal"), sure=False)
    if not staged.touchpoints:
        staged.says.append(
            "each name is a stage: name what is a contact under 'touchpoints', what is neither under 'leave_out'"
        )
    return stage_order.only(walked, [name for name in walked.names if name not in staged.touchpoints])


def _mean_repeats(each: Sequence[Told]) -> float:
    return sum(one.times for one in each) / max(sum(one.deals for one in each), 1)


def _share(told: Told, unit: str) -> str:
    return f"{_deals(told.deals)}, {told.repeats:.1f} {unit}"


def _ended(walked: Walks, staged: Staged) -> Walks:
    """Finds the ends. What happens to just the deals of an end, before it or after, would be a move after the end."""
    named = [name for name in walked.names if stage_order.end_by_name(name)]
    twins = stage_order.together(walked, named) if staged.touchpoints or staged.leave_out else {}
    if twins:
        staged.leave_out = (*staged.leave_out, *twins)
        told = ", ".join(f"{name}: in just the deals of {end}, before or after it" for name, end in twins.items())
        said = staged.because.get("leave_out")
        _say(staged, "leave_out", f"{said}; {told}" if said else told, sure=False)
        walked = stage_order.only(walked, [name for name in walked.names if name not in twins])
    return walked


def _ordered(walked: Walks, staged: Staged, shape: Shape, chances: Mapping[str, float]) -> None:
    known = {each.name: each for each in stage_order.told(walked)}
    # The stages of a CRM say by their name that they are ends; nothing after them may only mean: not yet.
    kinds = _kinds(tuple(known.values()), _NEVER_LEFT if shape is Shape.EVENTS else 2.0)
    order: Sequence[str] = stage_order.in_order(walked)
    order = sorted(order, key=lambda name: chances.get(name, 0.0))
    order = (*(name for name in order if name not in kinds), *(name for name in order if name in kinds))
    staged.stages = ids_of(order)
    for name in order:
        told = known[name]
        key = staged.stages[name]
        _say(staged, f"stages/{name}", f"{_deals(told.deals)}")
        if name in kinds:
            by_name = bool(stage_order.end_by_name(name))
            why = f"{told.final:.0%} of {_deals(told.deals)} ended there"
            staged.ends[key] = kinds[name]
            _say(staged, f"ends/{key}", why if by_name else f"{why}; its name does not say how", sure=by_name)
    if len(order) > len(kinds) + 1:
        met = stage_order.before(walked).sum()
        how = "in the order of their probability" if chances else "in the order in which deals mostly reached them"
        _say(staged, "stages", how, sure=bool(chances) or met >= len(order) * 10)
    _no_ends(staged)


def _no_ends(staged: Staged) -> None:
    for kind in ("won", "lost"):
        if kind not in staged.ends.values():
            staged.says.append(f"no end is {kind}: name it under 'ends', or no deal will count as {kind}")


def _kinds(known: Sequence[Told], never_left: float) -> Mapping[str, str]:
    """The ends and how they end: by their names where deals rarely leave them, else where deals never do."""
    kinds = {
        each.name: stage_order.end_by_name(each.name)
        for each in known
        if stage_order.end_by_name(each.name) and each.final > _RARELY_LEFT
    }
    few = max(2, sum(each.last for each in known) // 50)
    final = [each for each in known if each.name not in kinds and each.final >= never_left and each.deals >= few]
    if len(final) == 1 and "lost" in kinds.values() and "won" not in kinds.values():
        kinds[final[0].name] = "won"
    elif kinds or len(final) < len(known):
        kinds |= {each.name: "other" for each in final}
    return kinds


def stages_by_name(
    stage: Seen, times: Sequence[Seen], probability: Seen | None, map_: Map
) -> tuple[Staged, dict[str, Seen]]:
    """The stages where each deal has one row, and the column of dates that each of them has, if any.

    Two or more with dates of their own stand in the order of these. What has no date tells no order: it comes first.
    """
    staged = Staged()
    counts = np.bincount(stage.cells.codes, minlength=len(stage.cells.texts)).tolist()
    names = [str(text) for code, text in enumerate(stage.cells.each_text()) if text and counts[code]][:MOST]
    kinds = {name: stage_order.end_by_name(name) for name in names if stage_order.end_by_name(name)}
    dated = _dated(names, kinds, times)
    open_names = [name for name in names if name not in kinds]
    by_date = _by_date({each: dated[each] for each in open_names if each in dated}, map_)
    order = [*(each for each in open_names if each not in dated), *by_date, *kinds]
    if probability is not None:
        chances = _chances(stage, probability, names)
        order = [*sorted(order[: -len(kinds) or None], key=lambda name: chances[name]), *kinds]
    created = next((each for each in times if re.search(r"\bcreated?\b|\bcreatedate\b", each.words)), None)
    if created is not None and dated and order[0] not in dated:
        dated[order[0]] = created
    staged.stages = ids_of(order)
    staged.ends = {staged.stages[name]: kind for name, kind in kinds.items()}
    number = dict(zip(stage.cells.texts.to_pylist(), counts, strict=True))
    for name in order:
        _say(
            staged, f"stages/{name}", _deals(number[name]) + (" stands there" if number[name] == 1 else " stand there")
        )
    if probability is not None:
        _say(staged, "stages", "in the order of their probability")
    elif 1 < len(by_date) == len(open_names):
        _say(staged, "stages", "in the order of their dates", sure=sum(counts) >= len(names) * 5)
    else:
        _say(staged, "stages", "nothing in the file tells their order", sure=False)
    _no_ends(staged)
    return staged, {staged.stages[name]: dated[name] for name in order if name in dated}


def _by_date(columns: Mapping[str, Seen], map_: Map) -> tuple[str, ...]:
    """The stages as deals mostly came to them, by the columns that say when each was entered."""
    if len({column.name for column in columns.values()}) < len(columns):
        return tuple(columns)
    filled = [np.flatnonzero(column.has_text) for column in columns.values()]
    if not filled:
        return ()
    what = np.repeat(np.arange(len(filled), dtype=np.int32), [len(rows) for rows in filled])
    times = [_times(column, map_)[rows] for column, rows in zip(columns.values(), filled, strict=True)]
    return stage_order.in_order(
        stage_order.walks(np.concatenate(filled).astype(np.int32), what, tuple(columns), np.concatenate(times))
    )


def _dated(names: Sequence[str], kinds: Mapping[str, str], times: Sequence[Seen]) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for name in names:
        column = next((each for each in times if _is_of(each, name)), None)
        closing = next((each for each in times if re.search(r"\bclosed?\b|\bclosedate\b", each.words)), None)
        column = column or (closing if kinds.get(name) else None)
        if column is not None:
            found[name] = column
    return found


def _is_of(column: Seen, stage: str) -> bool:
    """Whether a column's name says the stage: ``Date entered Offer``, ``engage_date`` of the stage Engaging."""
    said = column.words.split()
    stem = [_stem(word) for word in re.findall(r"[^\W_]+", stage.lower())]
    return bool(stem) and set(stem) <= {_stem(word) for word in said}


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|e|s)\Z", "", word) if len(word) > 4 else word


def ids_of(names: Sequence[str]) -> dict[str, str]:
    """A stage id for each name: in small letters, without a prefix that all of them share, none twice."""
    prefix = re.match(r"[A-Za-z]{1,3}_", names[0])[0] if names and re.match(r"[A-Za-z]{1,3}_", names[0]) else ""  # type: ignore[index]
    shared = prefix if prefix and all(name.startswith(prefix) for name in names) else ""
    found: dict[str, str] = {}
    for place, name in enumerate(names, start=1):
        base = re.sub(r"[^a-z0-9]+", "-", name.removeprefix(shared).lower()).strip("-") or f"stage-{place}"
        base = f"{base}-stage" if base in STAGE_WORDS else base
        key, again = base, 2
        while key in found.values():
            key, again = f"{base}-{again}", again + 1
        found[name] = key
    return found


def _deals(count: int) -> str:
    return "1 deal" if count == 1 else f"{count:,} deals"


def _say(staged: Staged, line: str, why: str, *, sure: bool = True) -> None:
    staged.because[line] = why
    if not sure:
        staged.unsure.add(line)
