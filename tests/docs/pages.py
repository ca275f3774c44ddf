"""The pages of the documentation as data: fenced blocks, tables, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = tuple(sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]))

_FENCE = re.compile(r"^```(\S*)([^\n`]*)$")
_HIDDEN = re.compile(r"^<!-- (\$ .*) -->$")
_EACH = re.compile(r"^<!-- each (?:(\w+) )?example: (.*) -->$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the words after it, and its text. ``line`` is that of the fence."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def file(self) -> str:
        """The path after ``file=``, or nothing."""
        return next((word[5:] for word in self.words if word.startswith("file=")), "")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by the names of the columns. ``section`` is the heading above."""

    page: Path
    line: int
    cells: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True, slots=True)
class Snippet:
    """The example in a row of a table, put in its place: a fragment of a ``kind`` of file."""

    name: str
    kind: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """Each fenced block of a page, in order; a console line that readers do not see is a block ``hidden``."""
    lines = page.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        hidden = _HIDDEN.match(lines[at])
        at += 1
        if hidden:
            yield Block(page, at, "hidden", (), hidden[1] + "\n")
        if not fence:
            continue
        end = lines.index("```", at)
        text = "".join(line + "\n" for line in lines[at:end])
        yield Block(page, at, fence[1], tuple(fence[2].split()), text)
        at = end + 1


def rows(page: Path) -> Iterator[Row]:
    """Each row of each table of a page."""
    head: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not head:
            head = cells
        elif set("".join(cells)) - set("- :"):
            assert len(cells) == len(head), f"{page.name}:{number} has {len(cells)} cells for {len(head)} columns"
            yield Row(page, number, dict(zip(head, cells, strict=True)))


def snippets(page: Path) -> Iterator[Snippet]:
    """The examples of the tables below an ``each example`` comment."""
    lines = page.read_text(encoding="utf-8").split("\n")
    for row in rows(page):
        start = row.line - 1
        while start and lines[start - 1].startswith("|"):
            start -= 1
        each = _EACH.match(lines[start - 1])
        example = row.cells.get("example", "")
        if each and example.startswith("`"):
            text = each[2].replace("\\n", "\n").replace("…", example.strip("`"))
            yield Snippet(row.name, each[1] or "process", text + "\n")


def merged(base: str, fragment: str, *, replace: frozenset[str] = frozenset()) -> str:
    """The text of ``base`` with the entries of ``fragment`` added, or put in the place of those of the same id.

    It works on lines, so that every character stays as it was written. A top-level key in ``replace``, or one
    that is not a block of entries in both, is replaced as a whole.
    """
    parts = _split(base, "")
    for key, text in _split(fragment, "").items():
        old = parts.get(key, "")
        both = _split(_body(old), "  ") and _split(_body(text), "  ")
        if key in replace or not both:
            parts[key] = text
        else:
            entries = _split(_body(old), "  ") | _split(_body(text), "  ")
            parts[key] = f"{key}:\n" + "".join(entries.values())
    return "".join(parts.values())


def _body(text: str) -> str:
    return text.partition("\n")[2]


def _split(text: str, indent: str) -> dict[str, str]:
    """Stretches of lines by the key they begin with, at this indent; what stands before the first is left out."""
    key = re.compile(rf"{indent}([\w-]+):")
    found: dict[str, str] = {}
    current = ""
    for line in text.splitlines(keepends=True):
        begin = key.match(line)
        if begin:
            current = begin[1]
            found[current] = ""
        if current:
            found[current] += line
    return found
