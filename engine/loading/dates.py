"""Forms of dates as ``strptime`` has them, and as spreadsheets do, which are told how to write the former."""

from __future__ import annotations

import re

from engine.loading import codes
from engine.loading.loaded import Findings
from engine.loading.nodes import Scalar

_DIRECTIVE = re.compile("%(.?)")
_KNOWN = frozenset("aAwdbBmyYHIpMSfzZjUWcxXGuV%")
_WHOLE = ("c", "x", "GVu", "GVw", "GVa", "GVA", "Yj", "yj")
"""Directives that name a day by themselves."""
_PARTS = (("day", "d", "%d"), ("month", "mbB", "%m"), ("year", "Yy", "%Y"))
_FIELD = re.compile(
    r"%?(y{1,4}|m{1,4}|d{1,2}|h{1,2}|s{1,2})(?![abce-gi-lnop-ruvwxz])|(am/pm|a)(?![a-z])|'([^']*)'|(.)", re.IGNORECASE
)


def check_forms(nodes: tuple[Scalar, ...], found: Findings) -> None:
    """Tells each form by which no day can be read."""
    for node in nodes:
        problem = _problem(node.value)
        if problem:
            meant = translated(node.value)
            hint = f'write "{meant}"' if meant else 'write it like "%Y-%m-%d", with day, month and year'
            found.error(codes.WRONG_FORM, node.at, f"'{node.value}' is no form of a date: {problem}", hint)


def _problem(form: str) -> str:
    """What keeps a form from naming a day; empty where nothing does."""
    directives = _DIRECTIVE.findall(form)
    if not directives:
        return "it has no signs such as %d, %m and %Y"
    wrong = next((one for one in directives if one not in _KNOWN), None)
    if wrong is not None:
        return f"there is no '%{wrong}'"
    if any(all(sign in directives for sign in signs) for signs in _WHOLE):
        return ""
    missing = next((part for part in _PARTS if not any(sign in directives for sign in part[1])), None)
    return f"it has no {missing[0]} ({missing[2]})" if missing else ""


def translated(form: str) -> str:
    """``MM/DD/YYYY`` as ``%m/%d/%Y``; empty where that cannot be told."""
    fields = list(_FIELD.finditer(form.replace("%e", "%d")))
    parts = []
    for index, match in enumerate(fields):
        field, half, quoted, other = match.groups()
        if field:
            parts.append(_directive(field, _near(fields[:index][::-1]), _near(fields[index + 1 :])))
        else:
            parts.append("%p" if half else quoted if quoted is not None else other.replace("%", "%%"))
    whole = "".join(parts)
    if "%p" in parts:
        whole = whole.replace("%H", "%I")
    return "" if _problem(whole) else whole


def _near(fields: list[re.Match[str]]) -> str:
    """The sign of the nearest field: it tells minutes from months."""
    return next((match[1][0].lower() for match in fields if match[1]), "")


def _directive(field: str, before: str, after: str) -> str:
    sign = field[0].lower()
    if sign == "m" and (before == "h" or after == "s"):
        return "%M"
    if sign == "m":
        return {3: "%b", 4: "%B"}.get(len(field), "%m")
    if sign == "y":
        return "%y" if len(field) == 2 or field == "y" else "%Y"
    return {"d": "%d", "h": "%H", "s": "%S"}[sign]
