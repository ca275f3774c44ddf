"""How series are told apart, by more than their colours: each look has a hue, a hatching, a point and a dash."""

from __future__ import annotations

import re
from collections.abc import Sequence

KNOWN = ("won", "lost", "other", "open")
"""Series that look the same in every chart, by a word of their id."""

_OUTCOMES = {**{name: name for name in KNOWN}, "ended otherwise": "other"}

PLAIN = ("one", "two", "three", "four", "five", "six")

_BESIDE = ("three", "five", "six", "one", "two", "four")
"""The same, beside outcomes: first those that are least like them."""

_HATCHED = ("lost", "other", "two", "three", "five", "six")
_POINTS = {
    "won": "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "lost": "M-4-4h8v8h-8z",
    "other": "M0-5.5L5.5 0L0 5.5L-5.5 0z",
    "open": "M-6-2.2h12v4.4h-12z",
    "one": "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "two": "M-4-4h8v8h-8z",
    "three": "M0-5.5L5.5 4.5h-11z",
    "four": "M0-5.5L5.5 0L0 5.5L-5.5 0z",
    "five": "M0 5.5L5.5-4.5h-11z",
    "six": "M-5-1.6h3.4V-5h3.2v3.4H5v3.2H1.6V5h-3.2V1.6H-5z",
}


def looks(ids: Sequence[str]) -> tuple[str, ...]:
    """A look for each series: that of its outcome where each has another one, else one after the other."""
    known = [next((word for word in re.split(r"[^a-z]+", each) if word in KNOWN), "") for each in ids]
    if len(set(known)) == len(ids) and all(known):
        return tuple(known)
    if len(ids) > 1 and len(set(filter(None, known))) == sum(map(bool, known)) and any(known):
        # Some are outcomes: these keep their looks, and the others take what is left.
        free = iter(_BESIDE)
        return tuple(each or next(free) for each in known)
    return tuple(PLAIN[i % len(PLAIN)] for i in range(len(ids)))


def outcome(name: str) -> str:
    """The look of an outcome, by what rows call it; empty for any other name."""
    return _OUTCOMES.get(name.lower(), "")


def box(look: str, x: tuple[float, float], y: tuple[float, float], *, told: str = "", kind: str = "") -> str:
    """A bar: ``x`` from and to in percent of the width, ``y`` from and to in pixels. ``told`` shows under a mouse."""
    (left, right), (top, foot) = x, y
    name = f"bar {look} {kind}".rstrip()
    parts = [f'<g class="{name}">', f"<title>{told}</title>" if told else ""]
    parts.append(f'<rect x="{left:.2f}%" y="{top:.1f}" width="{right - left:.2f}%" height="{foot - top:.1f}"/>')
    if look in _HATCHED and right > left and foot > top:
        # A dashed line as thick as the bar is a hatching that no page's rule against addresses forbids.
        middle = (top + foot) / 2
        parts.append(
            f'<line x1="{left:.2f}%" x2="{right:.2f}%" y1="{middle:.1f}" y2="{middle:.1f}" '
            f'stroke-width="{foot - top:.1f}"/>'
        )
    return "".join([*parts, "</g>"])


def point(look: str, x: float, y: float, *, told: str = "", kind: str = "") -> str:
    """The sign of a series at a place: percent of the width, pixels of the height."""
    title = f"<title>{told}</title>" if told else ""
    name = f"point {look} {kind}".rstrip()
    return f'<svg class="{name}" x="{x:.2f}%" y="{y:.1f}">{title}<path d="{_POINTS[look]}"/></svg>'


def arrow(look: str, x: float, y: float, *, way: str) -> str:
    """A tip that says that it goes on: ``way`` is ``right``, ``left``, ``up`` or ``down``."""
    tip = {"right": "M0-5L8 0L0 5z", "left": "M0-5L-8 0L0 5z", "up": "M-5 0L0-8L5 0z", "down": "M-5 0L0 8L5 0z"}[way]
    return f'<svg class="tip {look}" x="{x:.2f}%" y="{y:.1f}"><path d="{tip}"/></svg>'


def sample(look: str, *, is_line: bool, is_point: bool) -> str:
    """How a series looks, for the key above a chart."""
    if is_line or is_point:
        line = '<line x1="0" x2="100%" y1="7" y2="7"/>'
        drawn = f'<g class="line {look}">{line}</g>{point(look, 50, 7)}'
    else:
        drawn = box(look, (0, 100), (1, 13))
    return f'<svg class="sample" width="26" height="14" aria-hidden="true">{drawn}</svg>'
