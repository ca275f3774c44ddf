"""JSON Schema of what stands all over a scenario: lengths of time, numbers, and how they spread."""

from __future__ import annotations

from engine.loading.schema_parts import Schema, choice, dash_id, form, keys, mapped

FORMS = ("lognormal", "gamma", "weibull", "exponential")

_LENGTH = r"^\d{1,7}(\.\d{1,9})?(s|min|h|d|w)$"
_NUMBER = r"^\d{1,12}(\.\d{1,9})?$"
_A_LENGTH = "a length of time, zero or more"


def length(description: str) -> Schema:
    """``90min``, ``1.25d``: unlike a duration of a process it may have decimals, and seconds."""
    return form(_A_LENGTH, _LENGTH, f"{description} A number and s, min, h, d or w.", "2d")


def number(description: str, example: str = "1.5") -> Schema:
    """A number from zero on; a whole one may look like an integer to an editor."""
    return {**form("a number, zero or more", _NUMBER, description, example), "type": ["string", "number"]}


def counted(description: str) -> Schema:
    """A whole number from zero on."""
    return {**form("a whole number, zero or more", r"^\d{1,7}$", description, "4"), "type": ["string", "number"]}


def hours_id(description: str) -> Schema:
    """The id of working hours of the scenario."""
    return {**dash_id("the id of hours", description), "examples": ["office"]}


def spread_keys(each: Schema) -> dict[str, Schema]:
    """The keys of how something spreads; ``each`` is one value of it."""
    one = each.get("examples", ["9000"])[0]
    return {
        "p50": {**each, "description": "Half are at most this."},
        "p90": {**each, "description": "Nine in ten are at most this."},
        "form": choice("The form between them. Default lognormal.", FORMS),
        "mean": {**each, "description": "The mean of an exponential, instead of p50 and p90."},
        "quantiles": {
            **mapped(
                "share",
                "Shares from 0% to 100% and the value that so many are at most.",
                {**each, "description": "That value."},
                examples=[f"{{0%: {one}, 100%: {one}}}"],
            ),
            "minProperties": 2,
        },
    }


def spread(title: str, description: str, each: Schema, example: str) -> Schema:
    """How something spreads; a value alone is always so."""
    types = each["type"] if isinstance(each["type"], list) else [each["type"]]
    whole = keys(title, description, spread_keys(each), examples=[example])
    return {**whole, "type": [*types, "object"], "pattern": each["pattern"], "title": each["title"]}
