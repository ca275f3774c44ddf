"""Nodes against a JSON Schema: unknown and missing keys, wrong shapes, words and forms, each told at its place.

Reads the part of draft-07 that our schemas use. ``jsonschema`` is the judge in the tests, which hold both to the same
answers; it costs as much to import as the whole of reading, so it stays out of the command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from engine.loading import codes
from engine.loading.ids import with_article
from engine.loading.loaded import Findings
from engine.loading.meant import form_hint, pattern, shape_hint, word_meant
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.schema_parts import SOMETHING, Schema
from engine.model.names import did_you_mean
from engine.model.place import Place

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_NEAR = 0.65
_SHAPES = {
    "object": "keys with values",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}


@dataclass(frozen=True, slots=True)
class _About:
    """What a node is called in messages, the place of its key, and the key itself (none in a list)."""

    name: str
    at: Place
    key: str = ""


def check_shape(root: Node, schema: Schema, found: Findings) -> None:
    """Adds a finding for each thing in which the document is not as the schema has it."""
    _Walk(schema, found).check(root, schema, _About(f"{with_article(schema['title'])} file", root.at))


class _Walk:
    """One walk over a document: the schema's definitions, and the findings so far."""

    def __init__(self, schema: Schema, found: Findings) -> None:
        self.definitions: Schema = schema.get("definitions", {})
        self.found = found

    def check(self, node: Node, schema: Schema, about: _About) -> None:
        """Checks a node and all below it."""
        if "$ref" in schema:
            schema = {**self.definitions[schema["$ref"].rpartition("/")[2]], **_beside(schema)}
        if node.spoiled:
            return
        types = schema.get("type")
        if types is not None and not _fits(node, [types] if isinstance(types, str) else types):
            self._misfit(node, [types] if isinstance(types, str) else types, schema, about)
        elif isinstance(node, Scalar):
            self._scalar(node, schema, about)
        elif isinstance(node, Items):
            self._items(node, schema, about)
        else:
            self._keyed(node, schema, about)

    def _misfit(self, node: Node, types: list[str], schema: Schema, about: _About) -> None:
        hint = str(schema.get("description", ""))
        if isinstance(node, Scalar) and node.empty:
            return self.found.error(codes.NOTHING_THERE, about.at, f"{about.name} has no value", hint)
        # Whatever is written is a text: what is true or false needs no word of its own beside it.
        told = [kind for kind in types if kind in _SHAPES and not (kind == "boolean" and "string" in types)]
        wanted = " or ".join(dict.fromkeys(_SHAPES[kind] for kind in told))
        message = f"{about.name} must be {wanted}, not {_shape_of(node)}"
        hint = shape_hint(node, about.key, schema, self.definitions)
        return self.found.error(codes.WRONG_SHAPE, node.at, message, hint)

    def _scalar(self, node: Scalar, schema: Schema, about: _About) -> None:
        if "enum" in schema and node.value not in schema["enum"]:
            message = f"'{node.value}' is not one of: {', '.join(schema['enum'])}"
            return self.found.error(codes.NOT_A_CHOICE, node.at, message, _word_hint(node.value, schema))
        if schema.get("pattern") == SOMETHING:
            if not node.empty and not node.value.strip():
                self.found.error(codes.NOTHING_THERE, about.at, f"{about.name} says nothing", schema["description"])
            return None
        if "pattern" in schema and not pattern(schema["pattern"]).match(node.value):
            message = f"'{node.value}' is not {schema['title']}"
            return self.found.error(codes.WRONG_FORM, node.at, message, form_hint(node.value, schema))
        if "minimum" in schema and not schema["minimum"] <= int(node.value) <= schema["maximum"]:
            message = f"'{node.value}' is not from {schema['minimum']} to {schema['maximum']}"
            return self.found.error(codes.WRONG_FORM, node.at, message, "versions are counted from 1")
        return None

    def _items(self, node: Items, schema: Schema, about: _About) -> None:
        if len(node.nodes) < schema.get("minItems", 0):
            self.found.error(codes.NOTHING_THERE, node.at, f"{about.name} is empty", schema.get("description", ""))
        each = schema.get("items")
        if each is None:
            return
        name = about.name if about.name.startswith("an entry") else f"an entry of {about.name}"
        for item in node.nodes:
            self.check(item, each, _About(name, item.at))

    def _keyed(self, node: Keyed, schema: Schema, about: _About) -> None:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties")
        if len(node.entries) < least:
            self.found.error(codes.NOTHING_THERE, about.at, f"{about.name} is empty", schema.get("description", ""))
        if most is not None and len(node.entries) > most:
            second = list(node.entries.values())[most][0]
            message = f"{about.name} has more than one key; '{second.value}' is too many"
            self.found.error(codes.EXCLUDES, second.at, message, "write each as an entry of its own")
        self._together(node, schema, about)
        self._names(node, schema)
        for key, value in node.pairs():
            self._entry(key, value, schema, about)

    def _entry(self, key: Scalar, value: Node, schema: Schema, about: _About) -> None:
        known: Schema = schema.get("properties", {})
        if key.value in known:
            return self.check(value, known[key.value], _About(f"'{key.value}'", key.at, key.value))
        others = schema.get("additionalProperties", True)
        if others is False and value.spoiled:
            return None
        if others is False:
            message = f"unknown key '{key.value}' in {about.name}"
            return self.found.error(codes.UNKNOWN_KEY, key.at, message, did_you_mean(key.value, known, most=24))
        if others is True:
            return None
        title = schema["title"] if "propertyNames" in schema else ""
        return self.check(value, others, _About(f"{title} '{key.value}'".strip(), key.at, key.value))

    def _names(self, node: Keyed, schema: Schema) -> None:
        rule = schema.get("propertyNames")
        if rule is None:
            return
        for key, _ in node.pairs():
            if "pattern" in rule and not pattern(rule["pattern"]).match(key.value):
                message = f"'{key.value}' cannot be the id of {with_article(schema['title'])}"
                self.found.error(codes.BAD_ID, key.at, message, rule["description"])

    def _together(self, node: Keyed, schema: Schema, about: _About) -> None:
        """``required`` and what hangs on it: which keys must, and must not, stand together."""
        for key in schema.get("required", ()):
            if key not in node.entries:
                hint = str(schema.get("properties", {}).get(key, {}).get("description", ""))
                self.found.error(codes.MISSING_KEY, about.at, f"{about.name} has no '{key}'", hint)
        if "anyOf" in schema and not any(_holds(node, one) for one in schema["anyOf"]):
            names = " nor ".join(f"'{one['required'][0]}'" for one in schema["anyOf"])
            self.found.error(codes.MISSING_KEY, about.at, f"{about.name} has neither {names}", "write one of them")
        if "not" in schema and _holds(node, schema["not"]):
            self._excluded(node, schema["not"]["required"], about)
        for one in ({"if": schema["if"], **schema} if "if" in schema else {}, *schema.get("allOf", ())):
            if "if" in one:
                self._branch(node, one, schema, about)

    def _branch(self, node: Keyed, one: Schema, schema: Schema, about: _About) -> None:
        branch = one.get("then" if _holds(node, one["if"]) else "else")
        if branch is None:
            return
        self._together(node, {**branch, "properties": schema["properties"]}, about)
        allowed = branch.get("propertyNames", {}).get("enum")
        for key, _ in node.pairs():
            if allowed is not None and key.value not in allowed and key.value in schema["properties"]:
                kind = one["if"]["properties"]["type"]["const"]
                message = f"'{key.value}' does not go with type {kind}"
                self.found.error(codes.EXCLUDES, key.at, message, f"known: {', '.join(allowed)}")

    def _excluded(self, node: Keyed, names: list[str], about: _About) -> None:
        last = max((node.entries[name][0] for name in names), key=lambda key: key.start)
        if len(names) > 1:
            message = f"{' and '.join(repr(name) for name in names)} do not go together in {about.name}"
        else:
            message = f"'{names[0]}' does not belong in {about.name}"
        self.found.error(codes.EXCLUDES, last.at, message, "keep one of them" if len(names) > 1 else "leave it out")


def _word_hint(word: str, schema: Schema) -> str:
    """The word that is surely meant; the message lists the others, so a far one would only mislead."""
    if meant := word_meant(word, schema["enum"]):
        return meant
    near = get_close_matches(word.lower(), schema["enum"], n=1, cutoff=_NEAR)
    return f"did you mean '{near[0]}'?" if near else str(schema["description"])


def _beside(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "$ref"}


def _fits(node: Node, types: Iterable[str]) -> bool:
    if isinstance(node, Items):
        return "array" in types
    if isinstance(node, Keyed):
        return "object" in types
    if node.empty:
        return "null" in types
    return any(_SCALARS[kind](node.value) for kind in types if kind in _SCALARS)


def _is_integer(text: str) -> bool:
    return _INTEGER.match(text) is not None


_SCALARS: dict[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "integer": _is_integer,
    "boolean": lambda text: text in ("true", "false"),
}


def _shape_of(node: Node) -> str:
    if isinstance(node, Items):
        return "a list"
    return "keys with values" if isinstance(node, Keyed) else f"'{node.value[:40]}'"


def _holds(node: Keyed, schema: Schema) -> bool:
    """Whether a branch applies: the keys it names stand there, with the values it names."""
    if any(key not in node.entries for key in schema.get("required", ())):
        return False
    for key, one in schema.get("properties", {}).items():
        found = node.entries.get(key)
        wanted = one.get("const")
        text = {True: "true", False: "false"}.get(wanted, wanted)
        if found and not (isinstance(found[1], Scalar) and found[1].value == text):
            return False
    return True
