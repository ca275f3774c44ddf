"""Ids, reserved words and "did you mean"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAIN = "main"
"""The name of the track every deal has."""

ID_LIMIT = 200
"""The longest name of a deal, in characters."""

ENGINE_KEYS = ("clock:", "started:", "import:", "plan:")
"""How the keys begin that the engine gives to what it records by itself."""

ENGINE = "stagewright"
"""Who does what nobody did: automatic actions and clocks. No person can be called so."""

OPEN, LATER, EARLIER, PREVIOUS = "open", "later", "earlier", "previous"
STAGE_WORDS = frozenset({OPEN, LATER, EARLIER, PREVIOUS})

LANGUAGE_WORDS = frozenset(
    "and or not in true false given blank contains starts_with ends_with size lower done count since "
    "days_in_stage stage to action reason note reached track actor date today probability".split()
)
RESERVED = LANGUAGE_WORDS | STAGE_WORDS

WORD_ID = re.compile(r"[a-z_][a-z0-9_]*\Z")
"""Facts, tracks and metrics: they are written in conditions."""
DASH_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
"""All other ids."""


def same_name(actor: str) -> str:
    """The name of a person as it is compared: 'Ana', 'ana ' and one typed on another keyboard are one person."""
    name = actor.strip().casefold()
    # An accent may be a sign of its own, which nobody sees.
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def nearest(word: str, options: Iterable[str]) -> str:
    """The option most like ``word``, or an empty text."""
    # Only what went wrong needs it, and all that runs would wait for it.
    from difflib import get_close_matches

    known = {option.lower(): option for option in sorted(set(options), reverse=True)}
    close = get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return known[close[0]] if close else ""


def did_you_mean(word: str, options: Iterable[str], *, most: int = 8) -> str:
    """A hint: the nearest option, else the choices when there are few, else nothing."""
    known = list(dict.fromkeys(options))
    near = nearest(word, known)
    if near:
        return f"did you mean '{near}'?"
    if 0 < len(known) <= most:
        return "known: " + ", ".join(known)
    return ""
