"""A process from a few lines of Python, its conditions read as they are from a file; and deals to try it on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.conditions.parse import read
from engine.machine.compile import Machine, compile_process
from engine.model.deal import Deal
from engine.model.expression import Assignment, Expression
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Approval, Ask, DecisionTable, Fact, Force, Hit, Reason, Requirement, Row
from engine.model.scope import Scope
from engine.model.syntax import DATE, DURATION, MONEY, NUMBER, PERCENT, TEXT, YES_NO, Kind, Type, Value
from engine.model.values import parse_value

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TYPES = {
    "money": MONEY,
    "number": NUMBER,
    "percent": PERCENT,
    "text": TEXT,
    "date": DATE,
    "yes-no": YES_NO,
    "duration": DURATION,
}
Spec = Mapping[str, Any]


def process(
    *,
    stages: Spec,
    actions: Spec,
    facts: Spec | None = None,
    always: Sequence[Any] = (),
    tracks: Spec | None = None,
    override: Sequence[str] | None = None,
    **rest: Any,
) -> Process:
    """The process that these say, in the words of the YAML format; ``from``, ``to`` and the like take one or a list."""
    declared = {name: _type(spec) for name, spec in (facts or {}).items()}
    tracks = tracks or {}
    scope = Scope(
        facts=declared,
        stages=tuple(stages),
        groups=rest.get("groups", {}),
        actions=(*actions, *(a for track in tracks.values() for a in track["actions"])),
        touchpoints=tuple(rest.get("touchpoints", ())),
        # In the order written: a set would have another one each time.
        reasons=tuple(
            dict.fromkeys(one.code for spec in actions.values() for each in _list(spec) for one in _reasons(each))
        ),
        reason_groups=tuple(
            dict.fromkeys(
                one.group for spec in actions.values() for each in _list(spec) for one in _reasons(each) if one.group
            )
        ),
        roles=tuple(rest.get("roles", {})),
        tracks={name: tuple(track["stages"]) for name, track in tracks.items()},
    )
    return Process(
        id="selling",
        version=1,
        main=_track("main", stages, actions, always, scope, prefix="always"),
        facts={name: _fact(name, spec, scope) for name, spec in (facts or {}).items()},
        tracks=tuple(
            _track(name, track["stages"], track["actions"], track.get("always", ()), scope, prefix=f"{name}/always")
            for name, track in tracks.items()
        ),
        override_by=None if override is None else tuple(override),
        **{**rest, "touchpoints": scope.touchpoints},
    )


def machine(**spec: Any) -> Machine:
    """The machine of the process that these say."""
    return compile_process(process(**spec))


def deal(stage: str, *, facts: Mapping[str, Value] | None = None, **rest: Any) -> Deal:
    """A deal that stands in a stage since three days."""
    started = NOW - timedelta(days=10)
    values: dict[str, Any] = {
        "id": "acme",
        "process": "selling",
        "version": 1,
        "digest": "d1",
        "started_at": started,
        "entered_at": NOW - timedelta(days=3),
        "last_at": NOW - timedelta(days=3),
        "visited": frozenset({stage}),
    }
    return Deal(stage=stage, facts=facts or {}, **{**values, **rest})


def expression(text: str, scope: Scope, expects: Type | None = YES_NO) -> Expression:
    """The expression of a text that has no mistake."""
    found, findings = read(text, scope, expects=expects)
    assert found is not None, findings
    return found


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _type(spec: Any) -> Type:
    spec = spec if isinstance(spec, dict) else {"type": spec}
    return Type(Kind.CHOICE, tuple(spec["of"])) if "of" in spec else TYPES[spec["type"]]


def _fact(name: str, spec: Any, scope: Scope) -> Fact:
    of = _type(spec)
    spec = spec if isinstance(spec, dict) else {}
    default = parse_value(spec["default"], of) if "default" in spec else None
    table = None
    if "table" in spec:
        rows = tuple(
            Row(row["then"], expression(row["when"], scope) if "when" in row else None) for row in spec["table"]["rows"]
        )
        table = DecisionTable(Hit(spec["table"].get("hit", "first")), rows)
    return Fact(name, of, title=spec.get("title", ""), default=default, table=table)


def _track(name: str, stages: Spec, actions: Spec, always: Sequence[Any], scope: Scope, *, prefix: str) -> Track:
    return Track(
        name,
        tuple(_stage(each, spec, scope) for each, spec in stages.items()),
        tuple(action for each, specs in actions.items() for action in _variants(each, _list(specs), stages, scope)),
        always=_requirements(always, prefix, scope),
    )


def _stage(name: str, spec: Spec, scope: Scope) -> Stage:
    return Stage(
        name,
        ends=spec.get("ends", ""),
        probability=Decimal(spec["probability"]) if "probability" in spec else None,
        asks=_asks(spec.get("asks", ()), scope),
        stamps=_sets(spec.get("stamps", {}), scope),
        to_enter=_requirements(spec.get("to_enter", ()), f"{name}/to_enter", scope),
        to_pass=_requirements(spec.get("to_pass", ()), f"{name}/to_pass", scope),
    )


def _variants(name: str, specs: Sequence[Spec], stages: Spec, scope: Scope) -> Iterator[Action]:
    """Requirements and approvals are counted on from variant to variant."""
    required = approved = 1
    for number, spec in enumerate(specs, start=1):
        first = (required, approved)
        yield _action(name, spec, stages, scope, number=number if len(specs) > 1 else 0, first=first)
        required += len(spec.get("requires", ()))
        approved += len(spec.get("approval", ()))


def _action(name: str, spec: Spec, stages: Spec, scope: Scope, *, number: int, first: tuple[int, int]) -> Action:
    sources = [s for s, each in stages.items() if not each.get("ends")] if spec["from"] == "open" else spec["from"]
    return Action(
        name,
        tuple(_list(sources)),
        tuple(_list(spec["to"])),
        variant=number,
        by=tuple(spec.get("by", ())),
        touchpoint=spec.get("touchpoint", ""),
        asks=_asks(spec.get("asks", ()), scope),
        requires=_requirements(spec.get("requires", ()), f"{name}/requires", scope, first=first[0]),
        reasons=_reasons(spec),
        approvals=tuple(
            Approval(
                f"{name}/approval/{place}",
                tuple(_list(each["by"])),
                each.get("says", ""),
                expression(each["when"], scope) if "when" in each else None,
                each.get("lasts"),
            )
            for place, each in enumerate(spec.get("approval", ()), start=first[1])
        ),
        sets=_sets(spec.get("sets", {}), scope),
        auto=spec.get("auto", False),
        when=expression(spec["when"], scope) if "when" in spec else None,
    )


def _asks(asks: Sequence[Any], scope: Scope) -> tuple[Ask, ...]:
    found = []
    for each in asks:
        ((fact, when),) = each.items() if isinstance(each, dict) else ((each, None),)
        found.append(Ask(fact, expression(when, scope) if when else None))
    return tuple(found)


def _sets(sets: Spec, scope: Scope) -> tuple[Assignment, ...]:
    return tuple(Assignment(fact, expression(text, scope, scope.facts[fact])) for fact, text in sets.items())


def _requirements(specs: Sequence[Any], where: str, scope: Scope, *, first: int = 1) -> tuple[Requirement, ...]:
    found = []
    for number, spec in enumerate(specs, start=first):
        spec = spec if isinstance(spec, dict) else {"must": spec}
        force = Force.SHOULD if "should" in spec else Force.MUST
        text = spec.get("must", spec.get("should"))
        found.append(
            Requirement(
                spec.get("id", f"{where}/{number}"),
                force,
                expression(text, scope),
                spec.get("says", text),
                expression(spec["when"], scope) if "when" in spec else None,
                spec.get("fix", ""),
            )
        )
    return tuple(found)


def _reasons(spec: Mapping[str, Any]) -> tuple[Reason, ...]:
    """``price``, or ``money/price`` for one in a group."""
    parted = [one.rpartition("/") for one in spec.get("reasons", ())]
    return tuple(Reason(code, code, group) for group, _, code in parted)
