"""A large journal verified in parts at the same time, each by a process of its own: one alone uses one processor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from multiprocessing import get_context

from engine.journal import statements
from engine.journal.against import check_journal
from engine.journal.dialect import Dialect
from engine.journal.seal import Seal
from engine.journal.session import Session
from engine.journal.store import SqlJournal
from engine.journal.verify import Part, Verified, between, problems_of_the_whole, verify_against, verify_part

LARGE = 200_000
"""From so many entries on it is worth while to begin another process."""
MOST = 4
_PARTS_EACH = 3


def verify_quickly(journal: SqlJournal, seals: Sequence[Seal] = (), *, workers: int | None = None) -> Verified:
    """As ``verify_against``, by as many processes as there are processors, at most four; small journals by this one.

    Each part is read as it stands at one moment, one part a little later than another. Raises as ``verify_against``.
    """
    session = journal.session
    entries = session.all(statements.count_entries)[0][0]
    wanted = min(os.cpu_count() or 1, MOST) if workers is None else workers
    another = session.dialect.another()
    if another is None or wanted < 2 or (workers is None and entries < LARGE):
        return verify_against(journal, seals)
    check_journal(session, seals)
    parts = _parts(session, entries, wanted * _PARTS_EACH)
    try:
        with ProcessPoolExecutor(wanted, mp_context=get_context("spawn")) as pool:
            whole = pool.submit(_whole, another)
            waiting = [pool.submit(_verified, another, part, [between(seal, part) for seal in seals]) for part in parts]
            found = [whole.result(), *(each.result() for each in waiting)]
    except (BrokenProcessPool, OSError):
        # Where no other process can be begun, this one does it all.
        return verify_against(journal, seals)
    problems = tuple(problem for each in found for problem in each.problems)
    return Verified(problems, sum(each.deals_since for each in found), sum(each.entries_since for each in found))


def _parts(session: Session, entries: int, number: int) -> list[Part]:
    """As many parts as asked for, or fewer, with about as many entries in each."""
    bounds = [session.one(statements.deal_at, (entries * each // number,)) for each in range(1, number)]
    names = sorted({row[0] for row in bounds if row is not None and type(row[0]) is str and row[0]})
    return [Part(after, until) for after, until in pairwise(("", *names, ""))]


def _whole(dialect: Dialect) -> Verified:
    session = Session(dialect)
    try:
        with session.reading():
            return Verified(tuple(problems_of_the_whole(session)))
    finally:
        session.close()


def _verified(dialect: Dialect, part: Part, seals: Sequence[Seal]) -> Verified:
    session = Session(dialect)
    try:
        return verify_part(session, part, seals)
    finally:
        session.close()
