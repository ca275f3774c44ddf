"""What each finding means, in plain language: one page a code, kept as Markdown beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from engine.model.errors import UnknownName
from engine.model.names import did_you_mean

ROOMS = {
    "Y": "The bytes and the YAML",
    "S": "The shape of the file",
    "N": "Names, references and versions",
    "C": "Conditions",
    "P": "What does not hold together",
    "E": "Examples",
    "A": "What a scenario assumes",
}
"""What the findings whose code begins with a letter are about, in the order they are met."""


@cache
def codes() -> tuple[str, ...]:
    """All codes, by what they are about."""
    names = (page.name.removesuffix(".md") for page in _folder().iterdir() if page.name.endswith(".md"))
    return tuple(sorted(names, key=lambda code: (list(ROOMS).index(code[0]), code)))


def page(code: str) -> str:
    """The page of a finding, as Markdown. Raises ``UnknownName``."""
    if code not in codes():
        raise UnknownName(f"there is no finding '{code}'", hint=did_you_mean(code.upper(), codes()))
    return (_folder() / f"{code}.md").read_text(encoding="utf-8")


def title(code: str) -> str:
    """The finding in a few words."""
    return page(code).split("\n", 1)[0].partition(": ")[2]


def reference() -> str:
    """All pages as one, with a table of contents: ``docs/reference/findings.md``."""
    parts = [
        "# Findings",
        "`stagewright check` tells what is wrong with a file by findings. Each has a code; `stagewright rule CODE`\n"
        "prints its page. An error keeps a file from being used, a warning does not. Beside a block stands the path\n"
        "of its file where that matters; other files of the same example follow it.",
    ]
    for letter, about in ROOMS.items():
        found = [code for code in codes() if code[0] == letter]
        parts.append(f"## {about}")
        parts.append("\n".join(f"- [{code}](#{_anchor(code)}): {title(code)}" for code in found))
        parts += [_deeper(page(code)) for code in found]
    return "\n\n".join(parts) + "\n"


def _anchor(code: str) -> str:
    """The anchor that is made of the heading ``### P101: unreachable stage``."""
    words = f"{code}: {title(code)}".lower().replace(" ", "-")
    return "".join(sign for sign in words if sign.isalnum() or sign in "-_")


def _deeper(text: str) -> str:
    """The page with its headings two levels down.

    Blocks of yaml become yml: in the rest of the documentation every block of yaml is a file without a mistake.
    """
    lines = []
    inside = False
    for line in text.rstrip("\n").split("\n"):
        inside = inside is not line.startswith("```")
        lines.append(f"##{line}" if line.startswith("#") and not inside else line.replace("```yaml", "```yml"))
    return "\n".join(lines)


def _folder() -> Traversable:
    return files("engine.checks") / "pages"
