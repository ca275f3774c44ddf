"""Events of the YAML parser to located nodes; what bites in YAML is refused with its mend.

Works on events, never on the parser's own composer, which deep nesting crashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from engine.loading import codes
from engine.loading.commas import comma_told
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.source import Source
from engine.model.finding import Finding, Severity
from engine.model.place import Place

DEPTH_LIMIT = 40
VALUES_LIMIT = 100_000
"""The most values a document may hold, aliases written out."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CUT = re.compile(r"[ \t]+#")
_ID = re.compile(r"[\w-]+\Z")
_PROPERTY = re.compile(r"&\S+\s+")


class StopReading(Exception):
    """A limit was reached; the finding is given."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read."""

    start: int
    anchor: str | None
    keyed: bool
    flow: bool
    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    key: Scalar | None = None
    awaiting_value: bool = False
    last: str = ""
    commas: list[Scalar] = field(default_factory=list)
    told_comma: Finding | None = None
    end: int = 0
    values: int = 1
    height: int = 1


class Composer:
    """Builds nodes from events, and gathers findings on the way."""

    def __init__(self, source: Source, spoiled: frozenset[int]) -> None:
        self.source = source
        self.spoiled = spoiled
        self.findings: list[Finding] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.root: Node | None = None
        self.values = 0

    def compose(self, text: str) -> Node | None:
        """The root node. Raises what the parser raises, and ``StopReading`` at a limit."""
        documents = 0
        for event in _events(text):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._add(self._scalar(event), values=1, height=0, anchor=event.anchor)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._open(event, keyed=kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(event.end_mark.index)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._error(
                        codes.TWO_DOCUMENTS,
                        event.start_mark.index,
                        "a second document starts here",
                        "put it into a file of its own",
                    )
                    break
        if self.root is None or (isinstance(self.root, Scalar) and self.root.empty):
            self.findings.append(
                Finding(codes.EMPTY, Place(self.source.file), "the file says nothing", "write something, or delete it")
            )
            return None
        return self.root

    def _error(self, code: str, index: int, message: str, hint: str = "") -> None:
        self.findings.append(Finding(code, self.source.place(index), message, hint))

    def _count(self, values: int, height: int, index: int) -> None:
        self.values += values
        if self.values > VALUES_LIMIT:
            self._error(codes.TOO_MANY, index, f"the file holds more than {VALUES_LIMIT:,} values, aliases written out")
            raise StopReading
        if len(self.stack) + height > DEPTH_LIMIT:
            self._error(codes.TOO_DEEP, index, f"the file is nested deeper than {DEPTH_LIMIT} levels")
            raise StopReading

    def _open(self, event: Any, *, keyed: bool) -> None:
        index = event.start_mark.index
        self._count(1, 1, index)
        if event.tag:
            self._tag(event)
        self.stack.append(_Open(index, event.anchor, keyed, bool(event.flow_style)))

    def _close(self, index: int) -> None:
        done = self.stack.pop()
        # What is written in blocks ends with its last value; the event comes only before the next key.
        end = index if done.flow else done.end
        node: Node
        if done.keyed:
            node = Keyed(self.source, done.start, end, done.entries, flow=done.flow)
        else:
            node = Items(self.source, done.start, end, tuple(done.nodes))
        self._place(node, done.values, done.height, done.anchor)

    def _add(self, node: Node, *, values: int, height: int, anchor: str | None) -> None:
        self._count(values, height, node.start)
        self._place(node, values, height, anchor)

    def _alias(self, event: Any) -> None:
        index = event.start_mark.index
        found = self.anchors.get(event.anchor)
        if found:
            node, values, height = found
            return self._add(node, values=values, height=height, anchor=None)
        inside = any(one.anchor == event.anchor for one in self.stack)
        message = f"the alias '*{event.anchor}' leads to itself" if inside else f"no '&{event.anchor}' stands before it"
        self._error(codes.ALIAS, index, message, "put a text that starts with '*' in quotes")
        blank = Scalar(self.source, index, event.end_mark.index, "", "'", spoiled=True)
        return self._add(blank, values=1, height=0, anchor=None)

    def _tag(self, event: Any) -> None:
        hint = "put the whole condition in single quotes, or write 'not'"
        message = f"an unquoted '!' starts a tag; '{event.tag}' is none that is allowed here"
        self._error(codes.TAG, event.start_mark.index, message, hint)

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark.index, event.end_mark.index
        spoiled = start in self.spoiled
        style = event.style or ""
        if event.tag:
            self._tag(event)
            spoiled, style = True, style or "'"
        elif event.anchor:
            found = _PROPERTY.match(self.source.text, start, end)
            start = found.end() if found else end
        value: str = event.value
        if not style and not spoiled and _CUT.match(self.source.text, end):
            spoiled = self._cut(value, end)
        return Scalar(self.source, start, end, value, style, spoiled)

    def _cut(self, value: str, end: int) -> bool:
        """Whether a ``#`` after a plain text broke it: a text that looks whole is only warned of."""
        text = self.source.text
        sign = text.index("#", end)
        glued = text[sign + 1 : sign + 2].strip() != ""
        hint = "put the whole text in quotes; a comment needs a space after its '#'"
        if value.count('"') % 2 or value.count("(") > value.count(")") or (not value and glued):
            self._error(codes.CUT_SHORT, sign, "the '#' starts a comment, which cuts this text short", hint)
            return True
        if glued:
            message = "the '#' starts a comment: the text ends before it"
            self.findings.append(
                Finding(codes.CUT_SHORT, self.source.place(sign), message, hint, severity=Severity.WARNING)
            )
        return False

    def _place(self, node: Node, values: int, height: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = (node, values, height)
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.values += values
        top.end = node.end
        top.height = max(top.height, height + 1)
        if not top.keyed:
            top.nodes.append(node)
        elif top.awaiting_value:
            top.awaiting_value = False
            self._pair(top, node)
        else:
            top.awaiting_value = True
            top.key = self._key(node)

    def _key(self, node: Node) -> Scalar | None:
        if isinstance(node, Scalar) and node.value and not node.spoiled:
            return node
        if not node.spoiled:
            self._error(codes.KEY_NO_TEXT, node.start, "a key must be text", "write a word and a ':'")
        return None

    def _pair(self, top: _Open, value: Node) -> None:
        key = top.key
        if key is None:
            return None
        if top.flow and self._no_colon(key, value):
            return self._comma(top, key)
        if key.value == "<<" and not key.style:
            hint = "write the keys out, or use an alias for the whole value"
            return self._error(codes.MERGE_KEY, key.start, "the merge key '<<' is not allowed", hint)
        before = top.entries.get(key.value)
        if before:
            line = before[0].at.line
            message = f"the key '{key.value}' is given twice; first on line {line}"
            return self._error(codes.DUPLICATE_KEY, key.start, message, "keep one of them")
        top.entries[key.value] = (key, value)
        top.last = key.value
        top.commas = []
        return None

    def _no_colon(self, key: Scalar, value: Node) -> bool:
        nothing = isinstance(value, Scalar) and value.empty
        return nothing and ":" not in self.source.text[key.end : value.start]

    def _comma(self, top: _Open, key: Scalar) -> None:
        """``{must: f(a, b)}``: the comma ended the value, and ``b)`` became a key without one."""
        top.commas.append(key)
        if top.last and len(top.commas) == 1:
            before, value = top.entries[top.last]
            if isinstance(value, Scalar):
                top.entries[top.last] = (before, replace(value, spoiled=True))
        if _ID.match(key.value):
            # It may well be an id that others use: they are not to be told that there is no such thing.
            top.entries.setdefault(key.value, (key, Scalar(self.source, key.end, key.end, "", "'", spoiled=True)))
        # One finding for all that follows one value: the mistake is one.
        keys = tuple(one.value for one in top.commas)
        before_it = top.entries.get(top.last)
        message, hint = comma_told(keys, top.last, before_it[1] if before_it else None)
        if top.told_comma and len(keys) > 1:
            self.findings.remove(top.told_comma)
        top.told_comma = Finding(codes.COMMA, self.source.place(top.commas[0].start), message, hint)
        self.findings.append(top.told_comma)


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)
