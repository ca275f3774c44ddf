"""Findings as people read them: the place, the line of the file, a caret and the mend. Other formats: annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.model.errors import UnknownName
from engine.model.finding import Finding, Severity
from engine.model.names import did_you_mean
from engine.report.annotations import github, json, junit, sarif
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.widths import CUT, width
from engine.report.wording import count

_LONGEST = 100
"""A longer source line is shown around its column alone."""

_TAB = 4


def render(findings: Sequence[Finding], format_name: str, *, files_checked: int = 1, style: Style = Style.PLAIN) -> str:
    """The findings in a format of ``FORMATS``, in the order given; ``style`` counts for text alone."""
    if format_name == "text":
        return text(findings, files_checked=files_checked, style=style)
    if format_name not in _WRITERS:
        raise UnknownName(f"unknown format '{format_name}'", hint=did_you_mean(format_name, FORMATS))
    return _WRITERS[format_name](findings, files_checked)


_WRITERS: Mapping[str, Callable[[Sequence[Finding], int], str]] = {
    "json": json,
    "sarif": sarif,
    "github": github,
    "junit": junit,
}

FORMATS = ("text", *_WRITERS)


def text(findings: Sequence[Finding], *, files_checked: int = 1, style: Style = Style.PLAIN) -> str:
    """Each finding with its line, then how many there were."""
    blocks = ["\n".join(_block(finding, style)) for finding in findings]
    return "\n\n".join([*blocks, _closing(findings, files_checked, style)]) + "\n"


def one(finding: Finding, *, style: Style = Style.PLAIN) -> str:
    """A single finding, without the closing line."""
    return "\n".join(_block(finding, style))


def _block(finding: Finding, style: Style) -> list[str]:
    tone = Tone.BAD if finding.severity is Severity.ERROR else Tone.CAUTION
    what = paint(f"{finding.severity.value} {shown(finding.code)}:", tone, style)
    head = f"{paint(shown(str(finding.at)), Tone.STRONG, style)}: {what} {shown(finding.message)}"
    return [head, *_source(finding, style)]


def _source(finding: Finding, style: Style) -> list[str]:
    if not finding.at.line or not finding.source:
        return [f"    {shown(finding.hint)}"] if finding.hint else []
    before, after = _window(finding.source, finding.at.column)
    number = str(finding.at.line)
    gutter = paint(" " * len(number) + " |", Tone.QUIET, style)
    caret = " " * width(before) + f"^ {shown(finding.hint)}".rstrip()
    return [f"  {paint(number + ' |', Tone.QUIET, style)} {before}{after}".rstrip(), f"  {gutter} {caret}"]


def _window(source: str, column: int) -> tuple[str, str]:
    """What is shown of the source line before the column and from it on."""
    at = max(column - 1, 0)
    before, after = source[:at], source[at:]
    # A column past the end of the line (something is missing there) keeps its place.
    before += " " * (at - len(before))
    if len(before) > _LONGEST // 2 and len(source) > _LONGEST:
        before = CUT + before[-_LONGEST // 2 :]
    if len(after) > _LONGEST:
        after = after[:_LONGEST] + CUT
    expanded = _expanded(before)
    return expanded, _expanded(after, start=width(expanded))


def _expanded(piece: str, *, start: int = 0) -> str:
    """``piece`` shown, its tabs as blanks up to the next multiple of four columns."""
    out = ""
    for index, part in enumerate(piece.split("\t")):
        out += " " * (_TAB - (start + width(out)) % _TAB) if index else ""
        out += shown(part)
    return out


def _closing(findings: Sequence[Finding], files_checked: int, style: Style) -> str:
    files = f"{count(files_checked, 'file')} checked"
    if not findings:
        return f"{files}: {paint('no findings', Tone.GOOD, style)}"
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    kinds = [count(errors, "error")] * bool(errors)
    kinds += [count(len(findings) - errors, "warning")] * bool(len(findings) - errors)
    return f"{files}: {', '.join(kinds)}"
