"""A draft as entries of YAML, each with the comment that stands beside it; and entries as lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.model.draft import Draft, Path, Remark
from engine.model.process import Action, Process, Stage
from engine.model.rule import Fact, Requirement
from engine.model.syntax import PERCENT, Kind
from engine.model.values import duration_text, show_value

MARK = "# |"
"""How the comments begin that a draft wrote and may write anew; all others are the reader's own."""

_PLAIN = re.compile(r"[A-Za-z0-9_(][\w ()/.+;'–-]*\Z")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value, or with entries below it. ``evidence`` stands beside it, ``remarks`` stand in it.

    ``figure``: the value is reckoned from the deals, and its comment repeats it, so that a change by hand is seen.
    ``item``: it begins an item of a list.
    """

    key: str
    value: str = ""
    entries: tuple[Entry, ...] = ()
    evidence: str = ""
    remarks: tuple[Remark, ...] = ()
    figure: bool = False
    item: bool = False

    @property
    def comment(self) -> str:
        """What stands beside it, mark and all; empty where nothing does."""
        if not self.evidence:
            return ""
        return f"{MARK} {self.value}: {self.evidence}" if self.figure else f"{MARK} {self.evidence}"


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts of a file that a draft writes, in their order."""

    touchpoints: Entry | None
    facts: Entry | None
    stages: Entry
    actions: Entry

    def __iter__(self) -> Iterator[Entry]:
        yield from (each for each in (self.touchpoints, self.facts, self.stages, self.actions) if each)


@dataclass(frozen=True, slots=True)
class _Telling:
    draft: Draft
    remarks: dict[Path, tuple[Remark, ...]] = field(default_factory=dict)

    def evidence(self, *path: str) -> str:
        found = self.draft.evidence.get(path)
        return found.says if found else ""

    def remarked(self, *path: str) -> tuple[Remark, ...]:
        return self.draft.remarks.get(path, ())

    def beside(self, *path: str) -> str:
        """Evidence and remarks in one comment, where there is no room for more."""
        return "; ".join(each for each in (self.evidence(*path), *(one.says for one in self.remarked(*path))) if each)


def sections(draft: Draft) -> Sections:
    """What a draft writes of its process."""
    told, process = _Telling(draft), draft.process
    touchpoints = Entry("touchpoints", f"[{', '.join(process.touchpoints)}]", evidence=told.beside("touchpoints"))
    facts = Entry("facts", entries=tuple(_fact(each, told) for each in process.facts.values()))
    return Sections(
        touchpoints if process.touchpoints else None,
        facts if facts.entries else None,
        Entry(
            "stages", entries=tuple(_stage(each, told) for each in process.main.stages), remarks=told.remarked("stages")
        ),
        Entry("actions", entries=tuple(_action(each, process, told) for each in process.main.actions)),
    )


def _fact(fact: Fact, told: _Telling) -> Entry:
    parts = [f"type: {fact.type.kind.value}"]
    if fact.type.kind is Kind.CHOICE:
        parts.append(f"of: [{', '.join(map(quoted, fact.type.choices))}]")
    if fact.title:
        parts.append(f"title: {quoted(fact.title)}")
    return Entry(fact.id, braced(parts), evidence=told.beside("facts", fact.id))


def _stage(stage: Stage, told: _Telling) -> Entry:
    title = [f"title: {quoted(stage.title)}"] if stage.title and stage.title != stage.id else []
    at = "stages", stage.id
    if stage.ends:
        return Entry(stage.id, braced([f"ends: {stage.ends}", *title]), evidence=told.beside(*at))
    figures = {
        "probability": "" if stage.probability is None else show_value(stage.probability, PERCENT),
        "target": duration_text(stage.target) if stage.target else "",
        "alert": duration_text(stage.alert) if stage.alert else "",
    }
    entries = [Entry("title", quoted(stage.title, in_braces=""))] if title else []
    entries += [
        Entry(key, value, evidence=told.evidence(*at, key), figure=True) for key, value in figures.items() if value
    ]
    if stage.to_pass:
        needs = [
            each
            for number, need in enumerate(stage.to_pass, 1)
            for each in _need(need, told.evidence(*at, "to_pass", str(number)))
        ]
        entries.append(Entry("to_pass", entries=tuple(needs)))
    remarks = told.remarked(*at)
    return Entry(stage.id, "" if entries or remarks else "{}", tuple(entries), told.evidence(*at), remarks)


def _need(need: Requirement, evidence: str) -> Iterator[Entry]:
    yield Entry(need.force.value, condition(need.condition.text), evidence=evidence, item=True)
    yield Entry("says", quoted(need.says, in_braces=""))
    if need.fix:
        yield Entry("fix", quoted(need.fix, in_braces=""))


def _action(action: Action, process: Process, told: _Telling) -> Entry:
    open_ = tuple(stage.id for stage in process.main.stages if not stage.ends)
    to_end = any(process.main.is_end(target) for target in action.targets)
    sources = "open" if to_end and len(open_) > 1 and action.sources == open_ else _some(action.sources)
    ways = [Entry("from", sources), Entry("to", _some(action.targets))]
    at = "actions", action.id
    if not action.reasons:
        return Entry(action.id, braced([f"{each.key}: {each.value}" for each in ways]), evidence=told.beside(*at))
    reasons = tuple(
        Entry(each.code, quoted(each.title, in_braces=""), evidence=told.evidence(*at, "reasons", each.code))
        for each in action.reasons
    )
    return Entry(action.id, "", (*ways, Entry("reasons", entries=reasons)), told.evidence(*at), told.remarked(*at))


def _some(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def braced(parts: Iterable[str]) -> str:
    """A short map on one line."""
    return "{" + ", ".join(parts) + "}"


def quoted(text: str, *, in_braces: str = ",") -> str:
    """A text as YAML reads it back: plain where it can be, else in double quotes.

    ``in_braces`` are the signs that end a text in braces; empty for one that has a line of its own.
    """
    bare = text if in_braces else text.replace(",", "")
    if _PLAIN.match(bare) and text == text.strip() and text.isprintable():
        return text
    signs = (("\\" + sign if sign in '"\\' else sign) if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in text)
    return '"' + "".join(signs) + '"'


def condition(text: str) -> str:
    """A condition as YAML reads it back."""
    return text if text.isprintable() and "#" not in text and ": " not in text else quoted(text)


def plain_line(text: str) -> str:
    """A text as a comment can hold it: one line, nothing that steers a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def lines(entry: Entry, indent: int, *, width: int = 0) -> Iterator[str]:
    """An entry and all below it. ``width`` is where the comments of its neighbours begin."""
    lead = "- " if entry.item else ""
    text = " " * (indent - len(lead)) + lead + f"{entry.key}:" + (f" {entry.value}" if entry.value else "")
    yield f"{text.ljust(width)}  {plain_line(entry.comment)}" if entry.comment else text
    below = indent + (4 if any(each.item for each in entry.entries) else 2)
    for remark in entry.remarks:
        yield " " * below + remark_text(remark)
    yield from block(entry.entries, below)


def remark_text(remark: Remark) -> str:
    """A remark as it stands on a line of its own."""
    return plain_line(f"{MARK} {remark.topic}: {remark.says}")


def block(entries: Sequence[Entry], indent: int) -> Iterator[str]:
    """Entries one below the other, the comments beside them in one column where that is not too far off."""
    sizes = [
        indent + len(each.key) + 1 + (len(each.value) + 1 if each.value else 0) for each in entries if each.evidence
    ]
    width = max((size for size in sizes if size <= _WIDEST), default=0)
    for entry in entries:
        yield from lines(entry, indent, width=width)
