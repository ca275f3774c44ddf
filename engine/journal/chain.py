"""The chain: each entry's hash is made of the hash before it, its envelope, and the digest of its payload."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from engine.journal.codec import Envelope, body_text, envelope_of, envelope_text
from engine.model.decision import Verdict
from engine.model.entry import Entry
from engine.model.errors import BadValue

FIRST = bytes(32)
"""What stands for the hash before the first entry of a deal."""

SALT_BYTES = 32

WriteVerdict = Callable[[Verdict], str]


class Link(NamedTuple):
    """An entry as it is stored: its envelope, the salt and text of its payload, the payload's digest, the hash."""

    envelope: Envelope
    salt: bytes
    body: str
    payload: bytes
    hash: bytes


def payload_digest(salt: bytes, body: str) -> bytes:
    """SHA-256 of the salt and the canonical JSON of the body; without the salt nobody can try out bodies."""
    return sha256(salt + body.encode()).digest()


def entry_hash(previous: bytes, envelope: str, payload: bytes) -> bytes:
    """The hash of an entry. Both ends are 32 bytes long, so no two entries make one input."""
    return sha256(previous + envelope.encode() + payload).digest()


def links(entries: Sequence[Entry], previous: bytes, write_verdict: WriteVerdict | None = None) -> list[Link]:
    """The entries of one deal, chained to the hash before them. Raises ``BadValue`` for text that is not Unicode."""
    drawn = os.urandom(SALT_BYTES * len(entries))
    made = []
    for number, entry in enumerate(entries):
        salt = drawn[number * SALT_BYTES : (number + 1) * SALT_BYTES]
        link = _link(entry, previous, salt, write_verdict)
        made.append(link)
        previous = link.hash
    return made


def _link(entry: Entry, previous: bytes, salt: bytes, write_verdict: WriteVerdict | None) -> Link:
    envelope = envelope_of(entry)
    body = body_text(entry, write_verdict)
    try:
        payload = payload_digest(salt, body)
        return Link(envelope, salt, body, payload, entry_hash(previous, envelope_text(envelope), payload))
    except UnicodeEncodeError:
        raise BadValue(
            f"entry {entry.sequence} holds half a character (a lone surrogate) in {_broken(entry)}",
            hint="write the text anew; it was cut or read in the wrong encoding",
        ) from None


def _broken(entry: Entry) -> str:
    texts = {name: getattr(entry, name) for name in entry.__slots__}
    names = [name for name, text in texts.items() if isinstance(text, str) and not _is_unicode(text)]
    return ", ".join(names) or "its facts or verdicts"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
