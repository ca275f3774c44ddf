"""Values as scenarios write them: lengths of time with decimals, shares, plain numbers, and how they spread."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Keyed, Node, Scalar
from engine.model.scenario import Form, Spread

SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
"""The units of a length of time, in seconds."""
LN_2 = math.log(2)
"""The P50 of an exponential is its mean times this."""
TOLERANCE = 0.001
"""How far shares may be from 100% together: they are written rounded."""

_LENGTH = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)(s|min|h|d|w)\Z")
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?\Z")

Read = Callable[[Node | None], float | None]
"""What reads one value: nothing where none is written, or not in its form."""


def measured(text: str) -> float | None:
    """A number, a percent or a length of time in seconds, whichever the text is."""
    found = _LENGTH.match(text)
    if found:
        return float(Decimal(found[1]) * SECONDS[found[2]])
    plain = text.removesuffix("%")
    if not _NUMBER.match(plain):
        return None
    return float(Decimal(plain).scaleb(-2 if text.endswith("%") else 0))


def length(node: Node | None) -> float | None:
    """``1.25d`` in seconds."""
    found = _LENGTH.match(written.text(node))
    return float(Decimal(found[1]) * SECONDS[found[2]]) if found else None


def number(node: Node | None) -> float | None:
    """``1.3``."""
    text = written.text(node)
    return float(Decimal(text)) if _NUMBER.match(text) else None


def counted(node: Node | None) -> int:
    """A whole number; 0 where none is written."""
    return int(number(node) or 0)


def share(node: Node | None) -> float | None:
    """``15%`` as 0.15."""
    found = written.percent(node)
    return None if found is None else float(found)


def measure(node: Node | None) -> float | None:
    """A number, a percent or a length of time, whichever it is."""
    return measured(written.text(node))


def spread(node: Node | None, found: Findings, *, read: Read = length) -> Spread | None:
    """How something spreads: by P50 and P90, a mean, quantiles, or one value alone; each value as ``read`` reads it."""
    if isinstance(node, Scalar):
        value = read(node)
        return None if value is None else Spread(Form.CONSTANT, value, at=node.at)
    if not isinstance(node, Keyed):
        return None
    given = [key for key in ("p50", "mean", "quantiles") if key in node.entries]
    if len(given) != 1:
        _not_one(node, given, found)
        return None
    if given[0] == "quantiles":
        return _by_quantiles(node, found, read)
    return _by_mean(node, found, read) if given[0] == "mean" else _by_p50(node, found, read)


def _not_one(node: Keyed, given: list[str], found: Findings) -> None:
    if given:
        names = " and ".join(f"'{key}'" for key in given)
        found.error(codes.EXCLUDES, node.at_key(given[1]), f"{names} do not go together", "keep one of them")
    elif "p90" in node.entries:
        found.error(codes.MISSING_KEY, node.at_key("p90"), "'p90' needs 'p50' beside it", "half are at most the p50")
    else:
        found.error(codes.MISSING_KEY, node.at, "nothing says how large it is", "write {p50: …, p90: …} or one value")


def _form(node: Keyed, default: Form) -> Form:
    known = {form.value: form for form in Form}
    return known.get(written.text(node.get("form")), default)


def _by_mean(node: Keyed, found: Findings, read: Read) -> Spread | None:
    if "p90" in node.entries or _form(node, Form.EXPONENTIAL) is not Form.EXPONENTIAL:
        other = "p90" if "p90" in node.entries else "form"
        message = f"'mean' and '{other}' do not go together: a mean alone is that of an exponential"
        found.error(codes.EXCLUDES, node.at_key(other), message, "write p50 and p90 instead of the mean")
        return None
    mean = _above_zero(node, "mean", found, read)
    return None if mean is None else Spread(Form.EXPONENTIAL, mean * LN_2, at=node.at)


def _by_p50(node: Keyed, found: Findings, read: Read) -> Spread | None:
    form = _form(node, Form.LOGNORMAL)
    if form is Form.EXPONENTIAL and "p90" in node.entries:
        message = "'p90' does not go with an exponential, whose P90 follows from its P50"
        found.error(codes.EXCLUDES, node.at_key("p90"), message, "leave out p90, or the form")
        return None
    if form is not Form.EXPONENTIAL and "p90" not in node.entries:
        hint = "add p90: nine in ten are at most this; what is always the same is written alone"
        found.error(codes.MISSING_KEY, node.at_key("p50"), "'p50' needs 'p90' beside it", hint)
        return None
    half = _above_zero(node, "p50", found, read)
    if half is None or form is Form.EXPONENTIAL:
        return None if half is None else Spread(form, half, at=node.at)
    most = read(node.get("p90"))
    if most is None:
        return None
    if most < half:
        _upside_down(node, found)
        return None
    # Where both are the same nothing spreads.
    return Spread(form, half, most, at=node.at) if most > half else Spread(Form.CONSTANT, half, at=node.at)


def _upside_down(node: Keyed, found: Findings) -> None:
    low, high = (written.text(node.get(key)) for key in ("p50", "p90"))
    message = f"the P90 ({high}) is below the P50 ({low})"
    at = (node.get("p90") or node).at
    found.error(codes.BAD_SPREAD, at, message, "half are at most the P50, nine in ten at most the P90")


def _above_zero(node: Keyed, key: str, found: Findings, read: Read) -> float | None:
    value = read(node.get(key))
    if value is None or value > 0:
        return value
    written_as = written.text(node.get(key))
    message = f"'{key}' is {written_as}: what spreads is above zero"
    hint = f"write {written_as} alone where it is always so, or quantiles where it often is"
    found.error(codes.BAD_SPREAD, (node.get(key) or node).at, message, hint)
    return None


def _by_quantiles(node: Keyed, found: Findings, read: Read) -> Spread | None:
    other = next((key for key in ("p90", "form") if key in node.entries), "")
    if other:
        found.error(
            codes.EXCLUDES, node.at_key(other), f"'quantiles' and '{other}' do not go together", "keep one of them"
        )
        return None
    whole = True
    points: list[tuple[float, float]] = []
    for key, value in written.pairs(node.get("quantiles")):
        at_most, of = read(value), share(key)
        if of is None or not 0 <= of <= 1:
            message = f"'{key.value}' is not a share from 0% to 100%"
            found.error(codes.WRONG_FORM, key.at, message, "write it like 50%: the share of those at most so large")
        elif at_most is not None and points and (of <= points[-1][0] or at_most < points[-1][1]):
            message = f"{written.text(value)} at {key.value} does not come after what stands before it"
            found.error(codes.BAD_SPREAD, key.at, message, "list the shares from 0% to 100%, their values rising")
            whole = False
        if of is not None and at_most is not None:
            points.append((of, at_most))
    if not whole or not points:
        return None
    if points[0][0] != 0 or points[-1][0] != 1:
        missing = "0%" if points[0][0] != 0 else "100%"
        message = f"the quantiles say nothing of {missing}"
        hint = f"add {missing}: the {'smallest' if missing == '0%' else 'largest'} there is"
        found.error(codes.BAD_SPREAD, node.at_key("quantiles"), message, hint)
        return None
    return Spread(Form.QUANTILES, quantiles=tuple(points), at=node.at)
