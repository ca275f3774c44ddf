"""What each kind of change means, in plain language, with an example: one page a code, made from its ``Code``."""

from __future__ import annotations

from difflib import unified_diff
from importlib.resources import files

from engine.model.change import Code, Example, Level, Subject
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean
from engine.versions.codes import CODES

LEVELS = {
    Level.BREAK: "a deal would be stranded: it stands where the new version has no place, or no way on",
    Level.TIGHTER: "something that was allowed before is refused",
    Level.LOOSER: "something that was refused before is allowed; a lost control is told as loudly as a new one",
    Level.NOTE: "neither: words, figures and names",
}
"""What each level means, worst first."""

GAP = "..."
"""A line of an example between two parts of it: what stands between them is as it was."""

_BY_CODE = {code.code: code for code in CODES}
_KINDS = {
    "D1": Subject.STAGES,
    "D2": Subject.ACTIONS,
    "D3": Subject.REQUIREMENTS,
    "D40": Subject.FACTS,
    "D41": Subject.FACTS,
    "D42": Subject.FACTS,
    "D43": Subject.FACTS,
    "D44": Subject.FACTS,
    "D45": Subject.REASONS,
    "D50": Subject.APPROVALS,
    "D55": Subject.ROLES,
    "D6": Subject.CLOCKS,
    "D7": Subject.TRACKS,
    "D8": Subject.METRICS,
    "D90": Subject.PROCESS,
    "D91": Subject.PROCESS,
    "D95": Subject.RULE_SETS,
    "D96": Subject.RULE_SETS,
}


def codes() -> tuple[str, ...]:
    """All codes, in order."""
    return tuple(_BY_CODE)


def title(code: str) -> str:
    """The kind of change in a few words. Raises ``UnknownName``."""
    return _known(code).title


def page(code: str) -> str:
    """The page of a kind of change, as Markdown. Raises ``UnknownName``."""
    known = _known(code)
    levels = "\n".join(f"- `{level.value}`: {LEVELS[level]}." for level in known.levels)
    return "\n\n".join(
        [
            f"# {known.code}: {known.title}",
            "## Levels",
            levels,
            "## What",
            _wrapped(known.tells),
            "## Example",
            f"```diff\n{_shown(known)}```",
            _seen_backwards(known),
        ]
    )


def reference() -> str:
    """All pages as one, the levels first: ``docs/reference/changes.md``."""
    parts = [
        "# Changes",
        "`stagewright diff OLD NEW` tells what differs between two versions of a process or of a rule set. Each has a\n"
        "code and a level; `stagewright rule CODE` prints its page.",
        "## Levels",
        "\n".join(f"- `{level.value}`: {told}." for level, told in LEVELS.items()),
        "A change is told once. What is only written otherwise is no change: another order of keys, comments, layout,\n"
        "`a and b` for `b and a`.",
    ]
    for subject in Subject:
        found = [code for code in CODES if _subject(code.code) is subject]
        if found:
            parts.append(f"## {subject.value.capitalize()}")
            parts.append("\n".join(f"- [{code.code}](#{_anchor(code)}): {code.title}" for code in found))
            parts += [_deeper(page(code.code)) for code in found]
    return "\n\n".join(parts) + "\n"


def base_text(code: str) -> str:
    """The file that the example of a code begins with."""
    return (files("engine.versions") / "pages" / _known(code).base).read_text(encoding="utf-8")


def changed_text(code: str) -> str:
    """The file that the example of a code ends with."""
    return applied(_known(code).example, base_text(code))


def applied(example: Example, base: str) -> str:
    """A file with the parts of an example replaced one after the other. Raises ``ValueError`` for one not found."""
    text, at = base, 0
    parts = zip(_parts(example.before), _parts(example.after), strict=True)
    for before, after in parts:
        found = text.find(before, at)
        if found < 0:
            raise ValueError(f"the example changes what the base file has not: {before!r}")
        text = text[:found] + after + text[found + len(before) :]
        at = found + len(after)
    return text


def _parts(text: str) -> list[str]:
    """The parts between gaps. A gap takes the line break after it; that before it belongs to the part."""
    lines = text.splitlines(keepends=True)
    found = [""]
    for line in lines:
        if line.strip() == GAP:
            found.append("")
        else:
            found[-1] += line
    return found


def _shown(code: Code) -> str:
    """The example as a diff, without the names of files."""
    before, after = base_text(code.code).splitlines(), changed_text(code.code).splitlines()
    lines = [*unified_diff(before, after, n=1, lineterm="")][2:]
    return "\n".join("@@" if line.startswith("@@") else line for line in lines) + "\n"


def _seen_backwards(code: Code) -> str:
    if code.mirror == code.code:
        return "Seen backwards it is the same kind of change."
    return f"Seen backwards it is {code.mirror}."


def _known(code: str) -> Code:
    if code not in _BY_CODE:
        raise UnknownName(f"there is no change '{code}'", hint=did_you_mean(code.upper(), _BY_CODE))
    return _BY_CODE[code]


def _subject(code: str) -> Subject | None:
    return next((subject for start, subject in _KINDS.items() if code.startswith(start)), None)


def _anchor(code: Code) -> str:
    words = f"{code.code}: {code.title}".lower().replace(" ", "-")
    return "".join(sign for sign in words if sign.isalnum() or sign in "-_")


def _deeper(text: str) -> str:
    return "\n".join(f"##{line}" if line.startswith("#") else line for line in text.split("\n"))


def _wrapped(text: str) -> str:
    """The text in lines of at most 118 signs."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > 117:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return "\n".join(lines)
