"""A draft into a file that was changed by hand: its own figures and comments anew, what is new added, all else kept.

The file is cut and pasted as text, as ``write`` does: no writer of YAML leaves every blank and comment where it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.loading.drafted_actions import not_needed, renamed, widened
from engine.loading.drafted_forms import GONE, evidence_in, figure_in, remark_in
from engine.loading.drafted_lines import MARK, Entry, Sections, lines, plain_line, remark_text
from engine.loading.drafted_places import beside, column_of, end_of, end_with_comments, line_end
from engine.loading.nodes import Keyed, Node, Scalar
from engine.model.draft import Draft
from engine.model.process import Process

Edit = tuple[int, int, str]
"""From, to, and what stands there instead."""

_COMMENT = re.compile(rf"([ \t]*){re.escape(MARK)} (.*?)[ \t]*(?=\n|\Z)")
_REMARK = re.compile(rf"^([ \t]*){re.escape(MARK)} ([a-z0-9-]+): .*$", re.MULTILINE)
_ORDER = ("touchpoints", "facts", "stages", "actions")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the file: where the draft comes from, and all the names it ever gave by section.

    By the names a later draft knows what somebody has taken out on purpose.
    """

    says: str
    names: Mapping[str, tuple[str, ...]]

    def lines(self) -> Iterator[str]:
        """The lines of the file."""
        yield f"{MARK} drafted: {self.says}"
        for section, names in self.names.items():
            if names:
                yield f"{MARK} {section}: {', '.join(names)}"


@dataclass(frozen=True, slots=True)
class _File:
    """The file as it is, and the edits so far. ``told``: what was not done; ``done``: how many of which kind were.

    ``kept`` are figures of somebody's own, ``added`` the names of what is new.
    """

    text: str
    root: Keyed
    edits: list[Edit] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        """Whether the draft's own head is above it. Without, every comment and figure is somebody's own."""
        return any(line[2] == "drafted" for line in _REMARK.finditer(_top(self)))

    def renew(self, start: int, end: int, text: str, what: str) -> None:
        """Another text there, if it is another one."""
        if self.text[start:end] != text:
            self.edits.append((start, end, text))
            self.done[what] += 1


def drafted_again(
    root: Keyed, process: Process, draft: Draft, parts: Sections, head: Head
) -> tuple[str, tuple[str, ...]]:
    """The text with the edits, and what was done and left undone. ``process`` is what the file says now."""
    file = _File(root.source.text, root)
    known = _names_before(file)
    _renew_head(file, head)
    new: frozenset[str] = frozenset()
    for part in parts:
        there = root.entries.get(part.key)
        if there is None:
            if part.key != "touchpoints":
                file.edits.append(_appended(file, part))
                file.added.append(f"'{part.key}'")
        elif part.value:
            _renew(file, part, *there)
        elif isinstance(there[1], Keyed):
            now, drafted = process.main, draft.process.main
            others: Mapping[str, str] = {}
            skip = known.get(part.key, frozenset())
            if part.key == "actions":
                others, skip = renamed(now, drafted), skip | not_needed(now, drafted, new_stages=new)
                file.edits.extend(widened(there[1], now, drafted, new_stages=new))
            _renew_remarks(file, part, *there, end=_first_of(there[1]))
            added = _renew_part(file, part, there[1], skip=skip, others=others)
            _tell_gone(file, part, there[1], known=known.get(part.key, frozenset()), others=others)
            new = added if part.key == "stages" else new
    return _edited(file.text, file.edits), (*_did(file), *file.told)


def _did(file: _File) -> Iterator[str]:
    """What was refreshed, kept and added, a line each."""
    if file.done:
        yield f"refreshed: {', '.join(f'{n} {what}' + 's' * (n != 1) for what, n in sorted(file.done.items()))}"
    if file.kept:
        yield f"kept as you wrote it: {', '.join(file.kept)}"
    if file.added:
        yield f"added: {', '.join(file.added)}"


def _edited(text: str, edits: Iterable[Edit]) -> str:
    # From the end to the beginning; of those at one place the last first, so that they come to stand in their order.
    for _, (start, end, instead) in sorted(enumerate(edits), key=lambda each: (each[1][:2], each[0]), reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _top(file: _File) -> str:
    """What stands above the first key."""
    return file.text[: file.root.start]


def _names_before(file: _File) -> Mapping[str, frozenset[str]]:
    found = {}
    for line in _REMARK.finditer(_top(file)):
        names = file.text[line.start() : line.end()].partition(f"{line[2]}: ")[2]
        found[line[2]] = frozenset(name.strip() for name in names.split(","))
    return found


def _renew_head(file: _File, head: Head) -> None:
    for line in _REMARK.finditer(_top(file)):
        if line[2] == "drafted":
            said = f"drafted: {line[0].partition('drafted: ')[2]}"
            file.edits.append(
                (line.start(), line.end(), f"{MARK} drafted: {head.says}{said[remark_in(said) or None :]}")
            )
        elif line[2] in head.names:
            old = [name.strip() for name in line[0].partition(f"{line[2]}: ")[2].split(",")]
            names = dict.fromkeys([*old, *head.names[line[2]]])
            file.edits.append((line.start(), line.end(), f"{MARK} {line[2]}: {', '.join(names)}"))


def _appended(file: _File, part: Entry) -> Edit:
    """A whole section: before the next one that is there, else at the end."""
    text = "".join(f"{line}\n" for line in lines(part, 0))
    after = (file.root.entries.get(key) for key in _ORDER[_ORDER.index(part.key) + 1 :])
    following = next((key for key, _ in filter(None, after)), None)
    if following is not None:
        return following.start, following.start, f"{text}\n"
    ending = "" if file.text.endswith("\n") else "\n"
    return len(file.text), len(file.text), f"{ending}\n{text}"


def _renew_part(
    file: _File, part: Entry, there: Keyed, *, skip: frozenset[str], others: Mapping[str, str]
) -> frozenset[str]:
    """A section, entry by entry; returns those that are added. ``others`` are there by another name."""
    last, added = "", set()
    for entry in part.entries:
        name = entry.key if entry.key in there.entries else others.get(entry.key, "")
        if name in there.entries:
            last = name
            _renew(file, entry, *there.entries[name])
        elif entry.key in skip:
            continue
        elif there.flow or not there.entries:
            file.told.append(f"'{part.key}' is written in braces, so {entry.key} was not added: write it in lines")
        else:
            file.edits.append(_inserted(file, entry, there, last))
            added.add(entry.key)
            file.added.append(entry.key)
    return frozenset(added)


def _tell_gone(file: _File, part: Entry, there: Keyed, *, known: frozenset[str], others: Mapping[str, str]) -> None:
    """Says beside what was drafted once that the deals no longer show it."""
    drafted = {entry.key for entry in part.entries} | set(others.values())
    for name, (key, value) in there.entries.items():
        if name in known and name not in drafted:
            _comment(file, beside(key, value), f"{MARK} {GONE}")


def _inserted(file: _File, entry: Entry, there: Keyed, after: str) -> Edit:
    first = next(iter(there.entries.values()))[0]
    column = column_of(file.text, first)
    text = "".join(f"{line}\n" for line in lines(entry, column))
    if not after:
        at = first.start - column
        return at, at, text
    at = line_end(file.text, end_of(file.text, there.entries[after][1], there.entries[after][0]))
    return (at + 1, at + 1, text) if at < len(file.text) else (at, at, f"\n{text[:-1]}")


def _comment(file: _File, at: int, new: str) -> None:
    """Writes the draft's own comment at that place anew, and leaves what follows it; where none is, none is wanted."""
    found = _COMMENT.match(file.text, at)
    own = evidence_in(found[2]) if found and new and file.is_draft else 0
    if found and own:
        file.renew(found.end(1), found.end(), plain_line(new) + found[2][own:], "comment")


def _renew(file: _File, entry: Entry, key: Scalar, value: Node) -> None:
    _comment(file, beside(key, value), entry.comment)
    if isinstance(value, Keyed) or value.start == value.end:
        _renew_remarks(file, entry, key, value, end=end_with_comments(file.text, key, value))
    if isinstance(value, Keyed):
        for below in entry.entries:
            if below.key in value.entries and below.figure:
                _renew_figure(file, below, *value.entries[below.key], of=entry.key)
            elif below.key in value.entries and not below.item:
                _renew(file, below, *value.entries[below.key])
        _renew_needs(file, entry, value)
        _tell_reasons(file, entry, value)


def _renew_figure(file: _File, entry: Entry, key: Scalar, value: Node, *, of: str) -> None:
    """A figure that is as it was drafted; one that somebody changed is theirs, and beside it stands what deals say."""
    found = _COMMENT.match(file.text, beside(key, value))
    own, before, theirs = figure_in(found[2]) if found and file.is_draft else (0, "", False)
    if not found or not own or not isinstance(value, Scalar):
        return
    tail, new = found[2][own:], plain_line(entry.comment)
    if value.value != entry.value and (theirs or value.value != before):
        says = new.removeprefix(f"{MARK} ")
        file.renew(found.end(1), found.end(), f"{MARK} yours; the deals say {says}{tail}", "comment")
        file.kept.append(f"{entry.key} {value.value} of {of} (the deals say {entry.value})")
        return
    # The comment stays in its column.
    blanks = " " * max(found.end(1) - value.start - len(entry.value), 2)
    what = "comment" if value.value == entry.value else "figure"
    file.renew(value.start, found.end(), entry.value + blanks + new + tail, what)


def _renew_remarks(file: _File, entry: Entry, key: Scalar, value: Node, *, end: int) -> None:
    """The remarks inside an entry, by their topics. A gap that can be filled by now becomes the figure."""
    said = {remark.topic: remark_text(remark) for remark in entry.remarks}
    there = value.entries if isinstance(value, Keyed) else {}
    figures = {below.key: below for below in entry.entries if below.figure and below.key not in there}
    start, column = line_end(file.text, key.start), column_of(file.text, key)
    for line in _REMARK.finditer(file.text, start, end):
        says = line[0].strip().removeprefix(f"{MARK} ")
        own = remark_in(says)
        if len(line[1]) <= column or not own or not file.is_draft:
            continue
        new = [said[line[2]]] if line[2] in said else []
        if line[2] in figures:
            names = ("target", "alert") if line[2] == "target" else (line[2],)
            new = [text for name in names if name in figures for text in lines(figures[name], 0)]
        if new:
            new[-1] += says[own:]
        elif says[own:].strip():
            new = [f"# {says[own:].strip()}"]
        text = "\n".join(line[1] + each for each in new)
        # Without anything to say the whole line goes.
        file.renew(line.start(), line.end() + (not new and line.end() < len(file.text)), text, "comment")


def _tell_reasons(file: _File, entry: Entry, value: Keyed) -> None:
    """Reasons that deals tell and the file does not list: they are asked of people, so people write them."""
    given = next((below for below in entry.entries if below.key == "reasons"), None)
    there = value.get("reasons")
    listed = there.entries if isinstance(there, Keyed) else {}
    missing = [each.key for each in given.entries if each.evidence and each.key not in listed] if given else []
    if missing:
        file.told.append(f"the deals tell reasons of {entry.key} that are not listed: {', '.join(missing)}")


def _first_of(value: Keyed) -> int:
    return next(iter(value.entries.values()))[0].start if value.entries else value.end


def _renew_needs(file: _File, entry: Entry, value: Keyed) -> None:
    """What is suggested to pass a stage: where it stands its comment is renewed; where it does not it is told."""
    needs = next((below for below in entry.entries if below.key == "to_pass"), None)
    for need in needs.entries if needs else ():
        if not need.item:
            continue
        passing = value.get("to_pass")
        line = re.compile(
            rf"[ \t]*-[ \t]+{need.key}:[ \t]+{re.escape(need.value)}(?=[ \t]*(?:{re.escape(MARK)}|\n|\Z))"
        )
        there = passing and line.search(file.text, max(passing.start - 80, 0), passing.end)
        if there:
            _comment(file, there.end(), need.comment)
        else:
            file.told.append(f"suggested for {entry.key}, not written: should: {need.value} ({need.evidence})")
