"""Runs the console blocks of a page, in order, in one empty folder; the few shell words they use are done here."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cli

from .pages import Block, blocks


@dataclass
class Terminal:
    """Where the page has got to: the folder, the environment, the last exit code."""

    folder: Path
    root: Path
    code: int = 0
    given: dict[str, str | None] = field(default_factory=dict)

    def run(self, line: str) -> str:
        """What the terminal shows for a line. Raises ``ValueError`` for a word it does not know."""
        words = shlex.split(line)
        target = None
        if ">" in words:
            target = self.folder / words.pop()
            words.pop()
        shown = self._do(words)
        if target is None:
            return shown
        target.write_text(shown, encoding="utf-8")
        return ""

    def _do(self, words: list[str]) -> str:
        match words:
            case ["stagewright", *arguments]:
                return self._stagewright(arguments)
            case ["echo", "$?"]:
                before, self.code = self.code, 0
                return f"{before}\n"
            case ["cd", folder]:
                self.folder = (self.folder / folder).resolve(strict=True)
            case ["mkdir", "-p", folder]:
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
            case ["cat", file]:
                return (self.folder / file).read_text(encoding="utf-8")
            case ["export", *pairs]:
                for pair in pairs:
                    name, _, value = pair.partition("=")
                    self.given.setdefault(name, os.environ.get(name))
                    os.environ[name] = value
            case ["sed", "-i", script, file]:
                self._sed(script, self.folder / file)
            case _:
                # A word more needs a line here, not a shell: the pages must run on every system.
                raise ValueError(f"the documentation's terminal does not know '{shlex.join(words)}'")
        self.code = 0
        return ""

    def _sed(self, script: str, path: Path) -> None:
        _, old, new, _ = script.split("/")
        before = path.read_text(encoding="utf-8")
        after = before.replace(old, new)
        assert after != before, f"'{old}' does not stand in {path.name}"
        path.write_text(after, encoding="utf-8")

    def _stagewright(self, arguments: list[str]) -> str:
        shown = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            self.code = cli.run(arguments)
        return shown.getvalue()


@contextlib.contextmanager
def terminal(folder: Path) -> Iterator[Terminal]:
    """A terminal of a fixed width without colour, in which nothing is set; what it exports is undone."""
    opened = Terminal(folder, folder)
    settings = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    gone = [name for name in os.environ if name.startswith("STAGEWRIGHT_")]
    for name in [*settings, *gone]:
        opened.given[name] = os.environ.pop(name, None)
    os.environ.update(settings)
    try:
        yield opened
    finally:
        for name, value in opened.given.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def transcript(page: Path, folder: Path) -> Iterator[tuple[Block, str]]:
    """Each console block of a page, and how it would read if it were run now."""
    with terminal(folder) as opened:
        for block in blocks(page):
            if block.file:
                path = folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            if block.language == "hidden":
                opened.run(block.text[2:])
                assert opened.code == 0, block.name
            if block.language == "console":
                lines = [line for line in block.text.splitlines() if line.startswith("$ ")]
                yield block, settled(block.text, "".join(shown(opened, line) for line in lines))


def shown(opened: Terminal, line: str) -> str:
    """The line, and what it prints. Folders made for the test, and spaces at line ends, are left out."""
    text = opened.run(line[2:]).replace(f"{opened.root}/", "")
    lines = [each.rstrip() for each in text.rstrip("\n").split("\n")] if text.strip() else []
    return "".join(each + "\n" for each in [line, *lines])


def settled(written: str, now: str) -> str:
    """What is printed now, with each line that the page leaves open by a ``…`` as the page has it."""
    old, new = written.split("\n"), now.split("\n")
    if len(old) != len(new):
        return now
    return "\n".join(before if _fits(before, line) else line for before, line in zip(old, new, strict=True))


def _fits(pattern: str, line: str) -> bool:
    return re.fullmatch(".+".join(map(re.escape, pattern.split("…"))), line) is not None
