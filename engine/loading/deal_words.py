"""Words for deals (``won``, ``closed``) that stand where a condition asks: what is written instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.loading.schema_measures import DEAL_WORDS
from engine.model.finding import Finding
from engine.model.place import Origin

_WORD = re.compile(rf"(?<![\w\"'.-])(?:{'|'.join(DEAL_WORDS)})(?![\w\"'.(-])")
_A_TEXT = re.compile(r"(?:\w\(|[=<>\[,]|\bin)\s*$")
"""What stands before a name that is meant as a text: ``reached(won)``, ``stage == won``."""


def meant(problems: tuple[Finding, ...], text: str, *, origin: Origin, ends: Mapping[str, str]) -> tuple[Finding, ...]:
    """The problems, where a word for deals is unknown with the condition on the stage that says the same.

    ``ends`` are the stages that are ends, with their kind.
    """
    if not problems:
        return ()
    hints = {
        origin.at(found.start()): (found[0], hint)
        for found in _WORD.finditer(text)
        if not _A_TEXT.search(text[: found.start()]) and (hint := _instead(found[0], ends))
    }
    return tuple(
        replace(each, message=f"'{hints[each.at][0]}' is no name of a condition", hint=hints[each.at][1])
        if each.at in hints
        else each
        for each in problems
    )


def _instead(word: str, ends: Mapping[str, str]) -> str:
    """The same said of the stage; empty where no end is of that kind."""
    if word == "started":
        return "leave it out: every deal has started"
    if word == "open":
        return f"write not ({_stands_in(ends)})" if ends else ""
    kinds = ("won", "lost") if word == "closed" else (word,)
    its = [stage for stage, kind in ends.items() if kind in kinds]
    return f"write {_stands_in(its)}" if its else ""


def _stands_in(stages: Iterable[str]) -> str:
    names = [f'"{stage}"' for stage in stages]
    return f"stage == {names[0]}" if len(names) == 1 else f"stage in [{', '.join(names)}]"
