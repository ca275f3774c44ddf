"""Ids: their form, the reserved words, and that one id means one thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from engine.loading import codes
from engine.loading.loaded import Findings
from engine.loading.nodes import Scalar
from engine.model.names import DASH_ID, MAIN, RESERVED, WORD_ID


def with_article(noun: str) -> str:
    """``an action``, ``a stage``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def slug(text: str) -> str:
    """The id most like a text: ``field-sales`` for ``Field Sales``; empty where nothing of it can stay."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def fit(key: Scalar, found: Findings, *, noun: str, words: bool = False) -> bool:
    """Whether a key can be an id. A bad form is told by the shape check, a reserved word here."""
    if not (WORD_ID if words else DASH_ID).match(key.value):
        return False
    if key.value in RESERVED or (noun == "track" and key.value == MAIN):
        message = f"'{key.value}' is a word of the language and cannot be the id of {with_article(noun)}"
        found.error(codes.RESERVED_ID, key.at, message, "choose another id")
        return False
    return True


def fit_all(keys: Iterable[Scalar], found: Findings, *, noun: str, words: bool = False) -> tuple[str, ...]:
    """The keys that can be ids."""
    return tuple(key.value for key in keys if fit(key, found, noun=noun, words=words))


def distinct(nodes: Iterable[Scalar], found: Findings, *, noun: str) -> tuple[str, ...]:
    """The texts of a list in which each may stand once."""
    seen: dict[str, None] = {}
    for node in nodes:
        if node.value in seen:
            found.error(codes.ID_TWICE, node.at, f"the {noun} '{node.value}' is listed twice", "keep one of them")
        seen[node.value] = None
    return tuple(seen)


def apart(keys: Iterable[Scalar], taken: Iterable[str], found: Findings, *, noun: str, other: str) -> None:
    """Tells ids that already mean something of another kind, where both can stand in one place."""
    used = frozenset(taken)
    for key in keys:
        if key.value in used:
            message = f"'{key.value}' is {with_article(noun)} and {with_article(other)}"
            found.error(codes.ID_TWICE, key.at, message, "give one of them another id")
