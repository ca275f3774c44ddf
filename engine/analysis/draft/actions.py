"""Kept moves to few actions, named as people would: one a target, one a kind of end, one for going back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.analysis.draft.flow import Edge, Flow
from engine.analysis.draft.words import code_of, counted, listed, number, percent
from engine.model.draft import Evidence, Path
from engine.model.names import EARLIER
from engine.model.process import Action
from engine.model.rule import Reason

_REASONS = 20
_WIDE = 1.5
"""One action leads back to any earlier stage where that allows at most so many times the moves that were seen."""
_PARTS = 4
_TO_START = ("price", "Too expensive"), ("competitor", "Went to a competitor"), ("no-decision", "No decision was taken")


@dataclass(frozen=True, slots=True)
class Drafted:
    """Actions and what they rest on; an action named in ``starters`` has reasons that nobody has seen."""

    actions: tuple[Action, ...]
    evidence: Mapping[Path, Evidence]
    starters: tuple[str, ...]


def actions_of(flow: Flow, reasons: Mapping[str, Counter[str]], titles: Mapping[str, str]) -> Drafted:
    """The actions of the kept moves. ``reasons`` are the texts seen on the way to each end, with their counts.

    ``titles`` are those of reasons whose code is known.
    """
    actions, evidence, starters = [], dict[Path, Evidence](), []
    for action_id, edges, targets in _merged(flow):
        sources = tuple(stage.id for stage in flow.stages if stage.id in {a for a, _ in edges})
        lost = flow.ends.get(targets[0]) == "lost"
        seen = reasons.get(targets[0], Counter()) if lost else Counter[str]()
        given = _reasons(seen, titles)
        if lost and not given:
            starters.append(action_id)
        actions.append(
            Action(
                action_id, sources, targets, reasons=tuple(each for each, _ in given) or (_started() if lost else ())
            )
        )
        evidence["actions", action_id] = _evidence(flow, edges)
        for reason, n in given:
            total = sum(seen.values())
            evidence["actions", action_id, "reasons", reason.code] = Evidence(counted(n, total, "reasons"), n, total)
    return Drafted(tuple(actions), evidence, tuple(starters))


def _merged(flow: Flow) -> Iterator[tuple[str, list[Edge], tuple[str, ...]]]:
    """Name, moves and targets of each action, in the order of the pipeline."""
    place, ends = flow.place, flow.ends
    for target in flow.open:
        onward = [
            edge for edge in flow.kept if edge[1] == target and edge[0] not in ends and place[edge[0]] < place[target]
        ]
        if onward:
            yield f"to-{target}", onward, (target,)
    for kind, one, several in (("won", "win", "win-as"), ("lost", "lose", "lose-as"), ("other", "", "close-as")):
        of_kind = [stage for stage, each in ends.items() if each == kind]
        for target in of_kind:
            name = one if one and len(of_kind) == 1 else f"{several}-{target}"
            edges = [edge for edge in flow.kept if edge[1] == target]
            if edges:
                yield name, edges, (target,)
    yield from _back(flow)
    again = [edge for edge in flow.kept if edge[0] in ends]
    if again:
        yield "reopen", again, tuple(stage for stage in flow.open if stage in {b for _, b in again})


def _back(flow: Flow) -> Iterator[tuple[str, list[Edge], tuple[str, ...]]]:
    place, ends = flow.place, flow.ends
    edges = [(a, b) for a, b in flow.kept if a not in ends and b not in ends and place[b] < place[a]]
    targets = [stage for stage in flow.open if stage in {b for _, b in edges}]
    allowed = sum(place[source] for source in {a for a, _ in edges})
    if len(targets) > 1 and allowed <= _WIDE * len(edges):
        yield "step-back", edges, (EARLIER,)
        return
    for target in targets:
        yield f"back-to-{target}", [edge for edge in edges if edge[1] == target], (target,)


def _evidence(flow: Flow, edges: Iterable[Edge]) -> Evidence:
    most = sorted(edges, key=lambda edge: (-flow.edges.get(edge, 0), edge))
    n = sum(flow.edges.get(edge, 0) for edge in most)
    of = sum(_base(flow, source) for source in {a for a, _ in most})
    unseen = [(b, flow.unseen[a, b]) for a, b in most if flow.unseen.get((a, b))]
    later = ", ".join(f"{number(many, 'deal')} {_were(many)} first seen in {stage}" for stage, many in unseen)
    if not n and later:
        return Evidence(f"{later}: nobody saw this move", 0, of)
    if not n:
        return Evidence(f"no deal did this yet; drafted so that deals can go on from {most[0][0]}", 0, of)
    way, source = _way(flow, most[0]), most[0][0]
    if len(most) == 1:
        over = _over(flow, most[0])
        says = f"{way}{counted(n, of, f'{_moves(flow, source)} {source}')}{over and ', ' + over}"
        return Evidence(says + (later and f"; {later}"), n, of)
    back = len({b for _, b in most}) > 1
    parts = [_part(flow, edge, to=back) for edge in most[:_PARTS]]
    more = f", {len(most) - _PARTS} more" if len(most) > _PARTS else ""
    return Evidence(f"{way}{number(n, 'move')}: {', '.join(parts)}{more}{later and '; ' + later}", n, of)


def _were(many: int) -> str:
    return "was" if many == 1 else "were"


def _part(flow: Flow, edge: Edge, *, to: bool) -> str:
    over = _over(flow, edge)
    onward = f" to {edge[1]}" if to else ""
    if not flow.edges.get(edge):
        return f"none yet from {edge[0]}{onward}"
    share = percent(flow.edges.get(edge, 0), _base(flow, edge[0]))
    return f"{share} of those from {edge[0]}{onward}{over and f' ({over})'}"


def _base(flow: Flow, stage: str) -> int:
    return (flow.came if stage in flow.ends else flow.leaving).get(stage, 0)


def _moves(flow: Flow, stage: str) -> str:
    return "deals that came to" if stage in flow.ends else "moves from"


def _way(flow: Flow, edge: Edge) -> str:
    a, b = edge
    if a in flow.ends:
        return "re-opens: "
    return "return: " if b not in flow.ends and flow.place[b] < flow.place[a] else ""


def _over(flow: Flow, edge: Edge) -> str:
    """Which open stages a move forward leaves out."""
    place = flow.place
    if edge[0] in flow.ends or (flow.ends.get(edge[1], "won") != "won"):
        return ""
    skipped = [stage for stage in flow.open if place[edge[0]] < place[stage] < place[edge[1]]]
    if not skipped:
        return ""
    return f"skips {listed(skipped) if len(skipped) < 3 else f'{len(skipped)} stages'}"


def _reasons(seen: Counter[str], titles: Mapping[str, str]) -> list[tuple[Reason, int]]:
    found: dict[str, tuple[Reason, int]] = {}
    for text, n in sorted(seen.items(), key=lambda each: (-each[1], each[0]))[:_REASONS]:
        code = code_of(text, found, fallback="reason")
        found[code] = (Reason(code, titles.get(text, text)), n)
    return list(found.values())


def _started() -> tuple[Reason, ...]:
    return (*(Reason(code, title) for code, title in _TO_START), Reason("other", "Something else"))
