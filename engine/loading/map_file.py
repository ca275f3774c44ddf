"""``file`` of a map: how the export is written."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from engine.loading import codes, written
from engine.loading.dates import check_forms
from engine.loading.loaded import Findings
from engine.loading.nodes import Node, Scalar
from engine.loading.zones import zone_of


@dataclass(frozen=True, slots=True)
class Written:
    """How an export is written; ``time_zone`` is empty where the process's is meant."""

    encoding: str
    delimiter: str
    decimal: str
    thousands: str
    dates: tuple[str, ...]
    time_zone: str
    sheet: str
    of: str


def written_as(file: Node | None, found: Findings) -> Written:
    """What ``file`` says, and what holds where it says nothing."""
    dates = written.scalars(written.get(file, "dates"))
    check_forms(dates, found)
    read = Written(
        encoding=_encoding(written.get(file, "encoding"), found),
        delimiter=_sign(written.get(file, "delimiter"), ",", found),
        decimal=_sign(written.get(file, "decimal"), ".", found),
        thousands=_sign(written.get(file, "thousands"), "", found),
        dates=written.texts(written.get(file, "dates")),
        time_zone=zone_of(written.get(file, "time_zone"), found, default=""),
        sheet=written.raw(written.get(file, "sheet")),
        of=written.raw(written.get(file, "of")),
    )
    _check_signs(file, read, found)
    return read


def _encoding(node: Node | None, found: Findings) -> str:
    name = written.scalar(node)
    if name is None:
        return "utf-8"
    try:
        return codecs.lookup(name.value).name
    except (LookupError, ValueError):
        hint = "write utf-8, latin-1, cp1252 or utf-16"
        found.error(codes.WRONG_FORM, name.at, f"there is no encoding '{name.value}'", hint)
        return "utf-8"


def _sign(node: Node | None, default: str, found: Findings) -> str:
    """One character, blanks included; ``tab`` for a tab, which nobody can see."""
    if not isinstance(node, Scalar) or node.spoiled:
        return default
    value = "\t" if node.value in ("tab", "\\t") else node.value
    if len(value) > 1:
        found.error(codes.WRONG_FORM, node.at, f"'{node.value}' is more than one character", "write one, or tab")
        return default
    return value


def _check_signs(file: Node | None, read: Written, found: Findings) -> None:
    """One sign cannot part both the thousands and the decimals."""
    node = written.get(file, "thousands")
    if node is None or read.thousands != read.decimal:
        return
    decimal = written.get(file, "decimal")
    default = "" if decimal else ", the default"
    message = f"'{read.thousands}' cannot part the thousands: it parts the decimals ('decimal'{default})"
    other = "," if read.thousands == "." else "."
    swap = f"write thousands: \"{other}\", or correct 'decimal'"
    hint = swap if decimal else f'write decimal: "{other}" too'
    found.error(codes.EXCLUDES, node.at, message, hint)
