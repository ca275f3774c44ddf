"""What to write in place of a value of the wrong form or shape: the same value mended, or else an example."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache

from engine.loading.ids import slug
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.schema_parts import DASH, Schema

_SHARE = re.compile(r"0?\.[0-9]{1,9}\Z")
_PLAIN = re.compile(r"[^\s,:\[\]{}#&*!|>'\"%@`-](?:[^,:\[\]{}#'\"]*[^\s,:\[\]{}#'\"])?\Z")
_WHOLE = re.compile(r"(?<!\d)0*([1-9][0-9]{0,5})(?!\d)")
_LETTER = re.compile(r"[A-Za-z]")
_TIME = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)([a-z]+)\Z")
_UNITS = {
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("m", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
    "w": ("wk", "wks", "week", "weeks"),
}
_DOTTED = re.compile(r"([0-3]?\d)\.([01]?\d)\.(\d{4})\Z")
_CALLED = {"median": "p50", "average": "mean", "avg": "mean"}
_LONGEST = 60
_MOST = 4


@cache
def pattern(text: str) -> re.Pattern[str]:
    """The pattern of a schema, which looks at the whole text."""
    return re.compile(text.removesuffix("$") + r"\Z")


def form_hint(value: str, schema: Schema) -> str:
    """``5`` where a percent is meant: the value with the sign that was left out, or else an example."""
    plain = value.strip().replace(" ", "").replace(",", ".")
    share = f"{Decimal(plain).scaleb(2).normalize():f}%" if _SHARE.match(plain) else ""
    id_ = slug(value.partition("@")[0]) if schema["pattern"] == DASH and _LETTER.search(value) else ""
    positive = plain.removeprefix("-") if "zero or more" in schema["title"] else ""
    meant = (share, positive, plain, plain + "%", plain + "d", plain.upper(), _time(plain), _day(plain), id_)
    fitting = next((one for one in meant if one and pattern(schema["pattern"]).match(one)), "")
    return f"write {fitting}" if fitting else f"write it like {schema['examples'][0]}"


def word_meant(word: str, among: Collection[str]) -> str:
    """``p50`` for ``median``: the hint where a word has another name here, which is not spelled like it."""
    here = _CALLED.get(word.lower(), "")
    return f"write {here}" if here in among else ""


def _time(plain: str) -> str:
    """``4d`` for ``4days``, ``15min`` for ``15m``."""
    found = _TIME.match(plain.lower())
    unit = next((unit for unit, words in _UNITS.items() if found and found[2] in words), "")
    return f"{found[1]}{unit}" if found and unit else ""


def _day(plain: str) -> str:
    """``2026-12-01`` for ``1.12.2026``."""
    found = _DOTTED.match(plain)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else ""


def shape_hint(node: Node, key: str, schema: Schema, definitions: Mapping[str, Schema]) -> str:
    """How a value of another shape is written as the schema wants it; ``key`` is empty in a list."""
    meant = _Meant(definitions)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    shown = ""
    if isinstance(node, Scalar) and "array" in types:
        shown = meant.listed(node, schema) or meant.keyed(node.value, schema)
    elif isinstance(node, Scalar) and "integer" in types:
        shown = whole_number(node.value)
    elif isinstance(node, Scalar):
        shown = meant.keyed(node.value, schema)
    elif isinstance(node, Items) and "object" in types:
        shown = meant.named(node, schema)
    elif isinstance(node, Keyed) and "array" in types:
        shown = meant.wrapped(node, schema)
        if not shown and not node.flow and meant.holds_keys(schema):
            return f"make it a list: write '- {next(iter(node.entries), '…')}: …'"
    shown = shown or meant.example(schema)
    if not shown:
        return str(schema.get("description", ""))
    return f"write {key}: {shown}" if key else f"write {shown}"


class _Meant:
    """Values and examples in the words of one schema."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self.definitions = definitions

    def example(self, schema: Schema) -> str:
        """The example of a schema, or one put together of its parts; empty for a text."""
        schema = self._whole(schema)
        if "examples" in schema:
            return str(schema["examples"][0])
        if "enum" in schema:
            return str(schema["enum"][0])
        if schema["type"] == "array":
            each = self.example(schema["items"])
            return f"[{each}]" if each else ""
        return {"integer": "1", "boolean": "true"}.get(str(schema["type"]), "")

    def listed(self, node: Scalar, schema: Schema) -> str:
        """``[a, b]`` for ``a, b``, where the list holds texts."""
        if "string" not in self._whole(schema["items"])["type"]:
            return ""
        return as_list(node.value)

    def wrapped(self, node: Keyed, schema: Schema) -> str:
        """``[{must: …}]`` for ``{must: …}``, where the list holds such."""
        raw = node.source.text[node.start : node.end]
        short = node.flow and len(raw) <= 2 * _LONGEST and "\n" not in raw
        return f"[{raw}]" if short and self.holds_keys(schema) else ""

    def holds_keys(self, schema: Schema) -> bool:
        """Whether the entries of a list may have keys."""
        return "object" in self._whole(schema["items"])["type"]

    def keyed(self, value: str, schema: Schema) -> str:
        """``{type: money}`` for ``money``: the value below the one key that takes it."""
        known: Schema = schema.get("properties", {})
        required = schema.get("required", ())
        named = [key for key, one in known.items() if value in self._whole(one).get("enum", ())]
        only = [
            key for key in required if len(required) == 1 and "anyOf" not in schema and self._takes_text(known[key])
        ]
        key = next(iter([*named, *only]), "")
        return f"{{{key}: {in_flow(value)}}}" if key and len(value) <= _LONGEST else ""

    def named(self, node: Items, schema: Schema) -> str:
        """``{lead: {}, won: {}}`` for ``[lead, won]``."""
        each = schema.get("additionalProperties")
        names = [one.value for one in node.nodes if isinstance(one, Scalar)]
        if not isinstance(each, dict) or not names or len(names) < len(node.nodes):
            return ""
        example = self.example(each)
        rest = ", …" if len(names) > _MOST else ""
        return "{" + ", ".join(f"{name}: {example}" for name in names[:_MOST]) + rest + "}" if example else ""

    def _takes_text(self, schema: Schema) -> bool:
        whole = self._whole(schema)
        return "string" in whole["type"] and "enum" not in whole

    def _whole(self, schema: Schema) -> Schema:
        return {**self.definitions[schema["$ref"].rpartition("/")[2]], **schema} if "$ref" in schema else schema


def whole_number(text: str) -> str:
    """``2`` for ``v2``, ``2.0`` or ``02``; empty where there is no number in it."""
    found = _WHOLE.search(text)
    return found[1] if found else ""


def as_list(text: str) -> str:
    """``[a, b]`` for ``a, b``; empty for a text of more than a line."""
    parts = [part for part in (one.strip() for one in text.split(",")) if part]
    return f"[{', '.join(map(in_flow, parts))}]" if len(text) <= 2 * _LONGEST and "\n" not in text else ""


def in_flow(text: str) -> str:
    """A text as it stands inside ``{…}`` and ``[…]``: in single quotes where it holds their signs."""
    return text if _PLAIN.match(text) else "'" + text.replace("'", "''") + "'"
