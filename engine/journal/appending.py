"""Put entries into the journal: chained to the last one, with the deal's row, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.journal import statements
from engine.journal.chain import FIRST, Link, links
from engine.journal.codec import verdict_writer
from engine.journal.complaints import Clash, Crossed, InDoubt, Lost
from engine.journal.definitions import definition_row
from engine.journal.projection import row_of
from engine.journal.session import TRIES, Row, Session
from engine.model.deal import Deal
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.errors import DealExists, DealForgotten, DealMovedOn, JournalError, KeyReused, StagewrightError

Batch = tuple[Sequence[Entry], int, Deal]
"""Entries of one deal, the sequence of the entry they come after, and the deal that is their fold."""

CHUNK = 4000
"""How many entries go into one transaction of bulk work: enough to share its cost, little enough to hold."""

Heads = dict[str, tuple[int, bytes]]
"""Sequence and hash of the last entry of each deal touched in a transaction."""

Made = dict[int, tuple[bytes, list[Link]]]
"""The entries of each batch as they are to be stored, and the hash before them."""


def chunks(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Batches by the transaction."""
    chunk: list[Batch] = []
    count = 0
    for batch in batches:
        chunk.append(batch)
        count += len(batch[0])
        if count >= CHUNK:
            yield chunk
            chunk, count = [], 0
    if chunk:
        yield chunk


def append(session: Session, batches: Sequence[Batch], definitions: Sequence[Definition] = ()) -> int:
    """Record batches, all or none and once, also where the connection is lost, and count their entries.

    Raises as ``Journal.append``.
    """
    for batch in batches:
        _check(batch)
    made: Made = {}
    try:
        return _once(session, batches, definitions, made)
    except (Lost, Crossed) as broken:
        return _again(session, batches, definitions, made=made, broken=broken)


def _again(
    session: Session, batches: Sequence[Batch], definitions: Sequence[Definition], *, made: Made, broken: JournalError
) -> int:
    """What was broken off, until it is known to be recorded or refused; a few times at most."""
    in_doubt = isinstance(broken, InDoubt)
    for _ in range(TRIES):
        try:
            if in_doubt and _is_recorded(session, batches, made):
                return _count(made)
            return _once(session, batches, definitions, made)
        except (Lost, Crossed) as error:
            broken = error
            in_doubt = in_doubt or isinstance(error, InDoubt)
        except (Clash, DealMovedOn, DealExists, KeyReused):
            # The server may have gone on with what was cut off, and recorded it after it was looked for.
            if in_doubt and _is_recorded(session, batches, made):
                return _count(made)
            raise
        except JournalError as error:
            raise (_unknown(error) if in_doubt else error) from error
    raise (_unknown(broken) if in_doubt else broken) from broken


def _unknown(error: JournalError) -> JournalError:
    return JournalError(
        f"it is not known whether this was recorded: {error}",
        hint="look with 'stagewright why', or do it again with the same --key: under a key it is recorded once",
    )


def _is_recorded(session: Session, batches: Sequence[Batch], made: Made) -> bool:
    """Whether the last entry is there with our hash. No other has it, and all of a transaction is there or nothing."""
    last = batches[-1][0][-1]
    row = session.one(statements.hash_at, (last.deal, last.sequence))
    return row is not None and row[0] == made[len(batches) - 1][1][-1].hash


def _count(made: Made) -> int:
    return sum(len(links) for _, links in made.values())


def _once(session: Session, batches: Sequence[Batch], definitions: Sequence[Definition], made: Made) -> int:
    try:
        with session.writing():
            return _write(session, batches, definitions, made)
    except Clash as clash:
        raise _cause(session, batches, definitions, clash) from clash


def _write(session: Session, batches: Sequence[Batch], definitions: Sequence[Definition], made: Made) -> int:
    for definition in definitions:
        if session.one(statements.has_definition, (definition.digest,)) is None:
            session.many(statements.add_definition, [definition_row(definition)], session.dialect.name)
    heads: Heads = {}
    write_verdict = verdict_writer()
    # Of a deal with several batches only the last fold counts.
    rows: dict[str, Row] = {}
    for number, batch in enumerate(batches):
        previous = _previous(session, batch, heads)
        # What was made for a try that was broken off stays as it is: by its hashes it is known to be ours.
        if number not in made or made[number][0] != previous:
            made[number] = (previous, links(batch[0], previous, write_verdict))
        heads[batch[2].id] = (batch[2].length, made[number][1][-1].hash)
        rows[batch[2].id] = row_of(batch[2])
    chained = [link for _, links_ in made.values() for link in links_]
    places = session.places(len(chained))
    session.fill(
        statements.add_entry,
        statements.ENTRY,
        rows=[(place, *link.envelope, link.payload, link.hash) for place, link in zip(places, chained, strict=True)],
    )
    session.fill(
        statements.add_payload,
        statements.PAYLOAD,
        rows=[(place, link.salt, link.body) for place, link in zip(places, chained, strict=True)],
    )
    _put_deals(session, rows)
    return len(chained)


def _put_deals(session: Session, rows: Mapping[str, Row]) -> None:
    if session.many(statements.put_open_deal, list(rows.values()), session.dialect.name) == len(rows):
        return
    # Since its head was read; it is not brought back.
    raise _forgotten(next(deal_id for deal_id in rows if session.one(statements.is_forgotten, (deal_id,))))


def _check(batch: Batch) -> None:
    entries, after, deal = batch
    if not entries or not deal.id:
        raise JournalError("a batch has entries of a deal, and the deal has a name")
    for number, entry in enumerate(entries, start=after + 1):
        if entry.deal != deal.id or entry.sequence != number:
            raise JournalError(f"entry {entry.sequence} of deal '{entry.deal}' is not entry {number} of '{deal.id}'")
    if deal.length != after + len(entries):
        raise JournalError(
            f"deal '{deal.id}' of length {deal.length} is not the fold of {after + len(entries)} entries"
        )


def _previous(session: Session, batch: Batch, heads: Heads) -> bytes:
    """The hash that the entries of a batch come after."""
    _, after, deal = batch
    # Of a start nothing is asked: that there is no such deal the index of sequences says, for less.
    head = heads.get(deal.id) or (_head(session, deal.id) if after else (0, FIRST))
    if head[0] != after:
        raise _taken(deal.id, after, head[0])
    return head[1]


def _head(session: Session, deal_id: str) -> tuple[int, bytes]:
    row = session.one(statements.head, (deal_id,))
    if row is None:
        return (0, FIRST)
    sequence, last_hash, forgotten = row
    if forgotten:
        raise _forgotten(deal_id)
    return (sequence, last_hash)


def _forgotten(deal_id: str) -> DealForgotten:
    return DealForgotten(f"deal '{deal_id}' was forgotten; it takes no more entries")


def _taken(deal_id: str, after: int, length: int) -> DealExists | DealMovedOn:
    if not after:
        return DealExists(f"there is a deal '{deal_id}' already")
    return DealMovedOn(f"deal '{deal_id}' moved on: it has {length} entries now, not {after}")


def _cause(
    session: Session, batches: Sequence[Batch], definitions: Sequence[Definition], clash: Clash
) -> StagewrightError:
    """What a row clashed with. Asked afterwards, for databases do not tell it in one way."""
    stored = {definition.digest for definition in definitions}
    used: set[tuple[str, str]] = set()
    for entries, after, deal in batches:
        length = _head(session, deal.id)[0]
        if length != after:
            return _taken(deal.id, after, length)
        for entry in entries:
            if entry.digest not in stored and session.one(statements.has_definition, (entry.digest,)) is None:
                return JournalError(f"the definition of {entry.process}@{entry.version} is not in the journal")
            if _is_used(session, entry, used):
                return KeyReused(f"key '{entry.key}' was used before", hint="give each thing you do a key of its own")
    return clash


def _is_used(session: Session, entry: Entry, used: set[tuple[str, str]]) -> bool:
    """Whether the journal, or an entry asked about before, has used the key up. ``""`` stands for any deal."""
    if not entry.key or entry.kind is EntryKind.REFUSED:
        return False
    keys = {(entry.deal, entry.key)} | ({("", entry.key)} if entry.kind is EntryKind.STARTED else set())
    if keys & used:
        return True
    used |= keys
    recorded = session.one(statements.entry_by_key, (entry.deal, entry.key))
    if recorded is None and entry.kind is EntryKind.STARTED:
        recorded = session.one(statements.start_by_key, (entry.key,))
    return recorded is not None
