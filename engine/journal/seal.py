"""A seal: one line of JSON that says where every deal ends, signed, to keep where nobody who writes here can write."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.journal import statements
from engine.journal.codec import iso
from engine.journal.session import Row, Session
from engine.journal.store import FULL_PAGE, PAGE, SqlJournal
from engine.model.errors import BadSeal, JournalError

SCHEMA = "stagewright/seal/1"
PLAIN, KEYED = "sha256", "hmac-sha256"

_KEYS = ["schema", "journal", "sealed_at", "deals", "entries", "heads", "signed"]
_SIGNATURE = re.compile(r',"signature":"([0-9a-f]{64})"\}\Z')
_BEGIN = '{"schema":"stagewright/seal/'
_NAMES = re.compile("[0-9a-f]{32}")
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a journal was when it was sealed. ``heads`` are the sequence and hash of the last entry of each deal."""

    journal: str
    sealed_at: str
    deals: int
    entries: int
    heads: Mapping[str, tuple[int, bytes]]


def seal(journal: SqlJournal, *, now: datetime, secret: bytes = b"") -> Iterator[str]:
    """The line of a seal in pieces, as it stands at one moment. With a secret only who knows it can write another.

    Raises ``JournalError`` where the journal does not say what it is called, or holds a deal that cannot be read.
    """
    session = journal.session
    signer = _signer(secret)
    with session.reading():
        for piece in _pieces(session, now, KEYED if secret else PLAIN):
            signer.update(piece.encode())
            yield piece
    yield f',"signature":"{signer.hexdigest()}"}}\n'


def _pieces(session: Session, now: datetime, signed: str) -> Iterator[str]:
    deals, entries = session.all(statements.count_deals)[0][0], session.all(statements.count_entries)[0][0]
    head = {"schema": SCHEMA, "journal": name_of(session), "sealed_at": iso(now)[:19] + "Z"}
    yield _text({**head, "deals": deals, "entries": entries})[:-1] + ',"heads":['
    comma = ""
    for row in heads(session):
        yield comma + _text([row[0], row[1], row[2].hex()])
        comma = ","
    yield f'],"signed":"{signed}"'


def _text(data: Any) -> str:
    # In ASCII, so that no letter, terminal or editor on the way can change it.
    return json.dumps(data, separators=(",", ":"))


def name_of(session: Session) -> str:
    """What the journal is called in ``meta``. Raises ``JournalError``."""
    row = session.one(statements.about, ("journal",))
    if row is None or not _NAMES.fullmatch(str(row[0])):
        raise JournalError(f"the journal {session.dialect.where} has lost its name", hint="run 'stagewright verify'")
    return str(row[0])


def head_of(session: Session, deal: str) -> str:
    """The hash of the last entry of a deal, in hexadecimal; empty where it cannot be read."""
    row = session.one(statements.head, (deal,))
    return row[1].hex() if row is not None and isinstance(row[1], bytes) else ""


def heads(session: Session) -> Iterator[Row]:
    """Deal, sequence and hash of the last entry of each deal, by deal. Raises ``JournalError``."""
    after, page = "", FULL_PAGE
    while len(page) == PAGE:
        page = session.all(statements.heads_page, (after, PAGE))
        for row in page:
            if tuple(map(type, row)) != (str, int, bytes):
                raise JournalError(f"the last entry of deal {row[0]!r} cannot be read", hint="run 'stagewright verify'")
            yield row
        after = page[-1][0] if page else after


def _signer(secret: bytes) -> Any:
    return hmac.new(secret, digestmod="sha256") if secret else hashlib.sha256()


def read_seal(line: str, *, secret: bytes = b"") -> Seal:
    """The seal that a line is. Raises ``BadSeal`` for one that is cut, edited, or signed with another secret."""
    line = line.strip()
    if not line.startswith(_BEGIN):
        raise BadSeal("it is no seal", hint="'stagewright seal' writes one")
    found = _SIGNATURE.search(line)
    if not found:
        raise BadSeal("the seal was cut: it has no signature at its end", hint="go back to the seal as it was kept")
    signed_text = line[: found.start()]
    _check_signature(signed_text, found[1], secret)
    return _seal_of(signed_text)


def _check_signature(text: str, signature: str, secret: bytes) -> None:
    keyed = text.endswith(f'"signed":"{KEYED}"')
    if keyed and not secret:
        raise BadSeal("the seal was signed with a secret", hint="name the file of the secret with --secret")
    if secret and not keyed:
        raise BadSeal(
            "the seal was not signed with a secret: anyone could have written it",
            hint="to compare with it all the same, name no secret",
        )
    signer = _signer(secret)
    signer.update(text.encode("utf-8", "surrogatepass"))
    if not hmac.compare_digest(signer.hexdigest(), signature):
        other = ", or signed with another secret" if secret else ""
        raise BadSeal(f"the seal was cut or edited{other}", hint="go back to the seal as it was kept")


def _seal_of(text: str) -> Seal:
    try:
        data = json.loads(text + "}")
        if data["schema"] != SCHEMA:
            raise BadSeal("the seal is of a form that is not known here", hint="bring stagewright up to date")
        if list(data) != _KEYS or data["signed"] not in (PLAIN, KEYED):
            raise ValueError("another shape")
        heads_ = {deal: _head(deal, sequence, own) for deal, sequence, own in data["heads"]}
        seal_ = Seal(data["journal"], data["sealed_at"], data["deals"], data["entries"], heads_)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadSeal("it is no seal: what is in it has another shape") from None
    if not _is_whole(seal_, len(data["heads"])):
        raise BadSeal("it is no seal: what is in it contradicts itself")
    return seal_


def _head(deal: str, sequence: int, own: str) -> tuple[int, bytes]:
    if type(deal) is not str or type(sequence) is not int or sequence < 1 or len(own) != 64:
        raise ValueError("not a head")
    return sequence, bytes.fromhex(own)


def _is_whole(seal_: Seal, listed: int) -> bool:
    return (
        type(seal_.deals) is type(seal_.entries) is int
        and listed == len(seal_.heads) == seal_.deals
        and isinstance(seal_.journal, str)
        and isinstance(seal_.sealed_at, str)
        and bool(_NAMES.fullmatch(seal_.journal) and _WHEN.fullmatch(seal_.sealed_at))
    )
