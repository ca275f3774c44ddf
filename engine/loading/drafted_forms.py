"""The sentences that a draft writes into comments: by their form it tells its own words from those of people."""

from __future__ import annotations

import re

_N, _P = r"[\d,]+", r"(?:below 0\.1|[\d.]+) %"
_NAME = r"[a-z0-9_][a-z0-9_-]*"
_LIST = rf"{_NAME}(?:, {_NAME})*(?: and {_NAME})?"
_OVER = rf"skips (?:{_N} stages|{_NAME}(?: and {_NAME})?)"
_PART = rf"(?:{_P} of those|none yet) from {_NAME}(?: to {_NAME})?(?: \({_OVER}\))?"
_LATER = rf"{_N} deals? (?:was|were) first seen in {_NAME}"
_CONTACT = (
    rf"{_NAME} on the same day before it in {_N} of {_N} deals \({_P}\); write 'touchpoint: {_NAME}' if doing it is one"
)
_TOUCHED = rf"{_NAME} {_N} in {_P} of the deals"
GONE = "not in the deals of the last draft"

_BESIDE = "|".join(
    (
        rf"{_N} of {_N} deals seen there; {_N} (?:was|were) first seen later",
        rf"{_N} of {_N} deals \({_P}\)(?:, {_N} visits? more)?(?:, {_N} first seen here)?",
        rf"(?:return: |re-opens: )?{_N} of {_N} (?:moves from|deals that came to) {_NAME} \({_P}\)(?:, {_OVER})?",
        rf"(?:return: |re-opens: )?{_N} moves?: {_PART}(?:, {_PART})*(?:, {_N} more)?",
        rf"{_LATER}(?:, {_LATER})*(?:: nobody saw this move)?",
        rf"no deal did this yet; drafted so that deals can go on from {_NAME}",
        _CONTACT,
        rf"known in {_N} of {_N} deals \({_P}\)",
        rf"{_N} of {_N} reasons \({_P}\)",
        rf"{_TOUCHED}(?:; {_TOUCHED})*(?:; left out as rare: {_NAME}(?:, {_NAME})*)?",
        rf"on {_N} later deals: {_P} went on where it held, {_P} where not \(-?{_N} points more, "
        rf"90 % interval -?{_N} to -?{_N}\)",
        re.escape(GONE),
    )
)
_OWN = re.compile(rf"(?:{_BESIDE})(?:; (?:{_BESIDE}))*")
_FIGURE = re.compile(
    rf"(?P<mark>yours; the deals say )?(?P<value>[^:;]+): (?:"
    rf"half of the {_N} visits that went on took no longer(?:, {_N} still here)?"
    rf"|nine of ten of the {_N} visits that went on took no longer"
    rf"|{_N} of {_N} decided deals were won \({_P}\)(?:; {_P} with {_N} open deals? counted as open)?"
    r"(?:; deals first seen later are among them)?)"
)
_RARE = rf"{_NAME} in {_N} deals? \({_P}\)"
_FOLDED = rf"{_NAME} in {_N} deals?, counted as {_NAME}"
_REMARKS = "|".join(
    (
        rf"target: left out: (?:{_N} dated visits? went on from here, and it takes {_N}"
        r"|there were times with nobody under watch)",
        rf"probability: left out: of the deals that came here {_N} are decided, and it takes {_N}",
        rf"contacts: of {_N} deals here: {_NAME} in {_P}(?:, {_NAME} in {_P})*",
        rf"contact: {_CONTACT}",
        r"reasons: no reasons are in these deals; these are a start, write your own",
        rf"rare: left out, as fewer than {_P} of the deals were there: {_RARE}(?:, {_RARE})*(?:, {_N} more)?",
        rf"rare-ends: ends that are rare, told as another of their kind: {_FOLDED}(?:, {_FOLDED})*",
        rf"order(?:-\d+)?: deals come to {_LIST} in any order: they may be work side by side, which a track can hold",
        rf"end-{_NAME}: {_N} of {_N} deals that came to {_NAME} \({_P}\) go on: "
        r"is it an end, and what follows it work beside it\?",
        rf"ends: {_N} deals? went from one end straight to another \(.*\): the first end counts",
        rf"ends: {_N} moves lead from one end to another and are left out: what has ended stays so",
    )
)
_REMARK = re.compile(_REMARKS)
_DRAFTED = re.compile(rf"drafted: .*: {_N} deals, {_N} of them closed(?:, followed until [\d-]+)?")


def evidence_in(comment: str) -> int:
    """How many signs of what stands beside an entry are the draft's own; 0: somebody wrote it."""
    return _length(_OWN, comment)


def remark_in(comment: str) -> int:
    """The same of a line of its own, topic and all."""
    return max(_length(_REMARK, comment), _length(_DRAFTED, comment))


def figure_in(comment: str) -> tuple[int, str, bool]:
    """The same of what stands beside a figure; with the value that it gives, and whether the figure is somebody's."""
    found = _FIGURE.match(comment)
    return (found.end(), found["value"], found["mark"] is not None) if found else (0, "", False)


def _length(form: re.Pattern[str], text: str) -> int:
    found = form.match(text)
    return found.end() if found else 0
