"""Who works on what, and when: the pools of the event heap, with their queues and their people."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise

from engine.simulation.plan import NEVER, NONE, Plan
from engine.simulation.sheet import Roll, Sheet, opens, passed
from engine.simulation.staying import Stay

Event = tuple[int, int, int, int]
"""When, the place of the deal in the cast (``NONE``: of no deal), what, and its number."""

DONE, ASKED, CALLED, OPENED, TIMED = 0, 1, 2, 3, 4
"""What happens to work: it ends, it is asked for, a clock may call its deal away; the hours of a pool begin; from
``TIMED`` on something else that the track of that number waits for."""

_Request = tuple[int, int, int, int, int]
"""Rank, moment asked, deal, phase, number of the work: the lowest is served first."""


class Pools:
    """All pools of one run. ``stays`` holds, for each work asked for and not over, whom it is for."""

    def __init__(self, plan: Plan, sheet: Sheet, roll: Roll, events: list[Event]) -> None:
        crew = plan.crew
        self.sheet, self.roll, self.events = sheet, roll, events
        self.order, self.by_stage = crew.order.tolist(), crew.by_stage.tolist()
        self.hours, self.skills = crew.calendar.tolist(), crew.skills.tolist()
        firsts = crew.first.tolist()
        self.people = [0] * len(self.hours)
        """The pool of each person."""
        for pool, (first, last) in enumerate(pairwise(firsts)):
            self.people[first:last] = [pool] * (last - first)
        self.idle = [list(range(first, last)) for first, last in pairwise(firsts)]
        self.queues: list[dict[int, list[_Request]]] = [{} for _ in crew.pools]
        self.woken = [NONE] * len(crew.pools)
        self.changed: set[int] = set()
        self.stays: dict[int, Stay] = {}
        self.deal: list[int] = []
        self.stage: list[int] = []
        self.phase: list[int] = []
        self.person: list[int] = []
        self.asked: list[int] = []
        self.begun: list[int] = []
        self.done: list[int] = []
        self.effort: list[int] = []

    def ask(self, stay: Stay, moment: int, effort: int) -> None:
        """The phase that a stay has come to asks its pool for somebody, at that moment."""
        number = len(self.deal)
        self.deal.append(stay.deal)
        self.stage.append(stay.stage)
        self.phase.append(stay.phase)
        self.person.append(NONE)
        self.asked.append(moment)
        self.begun.append(NEVER)
        self.done.append(NEVER)
        self.effort.append(effort)
        self.stays[number] = stay
        stay.work = number
        heappush(self.events, (moment, stay.deal, ASKED, number))

    def watch(self, stay: Stay, moment: int) -> None:
        """A clock will call the deal away from what it asked for at that moment, unless it is done by then."""
        heappush(self.events, (moment, stay.deal, CALLED, stay.work))

    def join(self, number: int) -> None:
        """The moment asked has come: the work waits in its queue."""
        stay = self.stays.get(number)
        if stay is None:
            return
        pool = self.sheet.pool[stay.phase]
        rank = self._rank(pool, stay)
        queue = self.queues[pool].setdefault(self.sheet.skills[stay.phase], [])
        heappush(queue, (rank, self.asked[number], stay.deal, stay.phase, number))
        self.changed.add(pool)

    def _rank(self, pool: int, stay: Stay) -> int:
        order = self.order[pool]
        if not order:
            return 0
        found: int = self.roll.ranks[pool][stay.deal] if order == 1 else self.by_stage[pool][stay.stage]
        return found

    def finish(self, number: int) -> Stay | None:
        """The work is done; who it was for (``None``: it was called away before)."""
        stay = self.stays.pop(number, None)
        if stay is not None:
            stay.work = NONE
            self._release(number)
        return stay

    def call_away(self, number: int, moment: int) -> None:
        """The deal leaves the queue, or the work that was begun is dropped."""
        self.stays.pop(number).work = NONE
        if self.begun[number] < NEVER:
            self._release(number)
        self.done[number] = moment

    def _release(self, number: int) -> None:
        person = self.person[number]
        pool = self.people[person]
        # Work that took no time left its person idle.
        if self.done[number] > self.begun[number]:
            insort(self.idle[pool], person)
        self.changed.add(pool)

    def begin(self, moment: int) -> bool:
        """Begin the first work that can be begun at that moment; whether there was one.

        Of several pools the work asked for first, for the order matters where work takes no time.
        """
        best: tuple[_Request, int] | None = None
        for pool in sorted(self.changed):
            found = self._next(pool, moment)
            if found is None:
                self.changed.discard(pool)
                self._wake(pool, moment)
            elif best is None or found[0][1:] < best[0][1:]:
                best = found
        if best is None:
            return False
        self._begin(best[0], best[1], moment)
        return True

    def _next(self, pool: int, moment: int) -> tuple[_Request, int] | None:
        """The first request of a pool that somebody can begin now, and who."""
        if not self.idle[pool]:
            return None
        best: tuple[_Request, int] | None = None
        for skills, queue in self.queues[pool].items():
            while queue and queue[0][4] not in self.stays:
                heappop(queue)
            if not queue or (best is not None and best[0] < queue[0]):
                continue
            person = next(self._able(pool, skills, moment), NONE)
            if person != NONE:
                best = queue[0], person
        return best

    def _able(self, pool: int, skills: int, moment: int) -> Iterator[int]:
        for person in self.idle[pool]:
            if skills & ~self.skills[person]:
                continue
            hours = self.hours[person]
            if hours == NONE or opens(self.sheet.calendars, hours, moment) == moment:
                yield person

    def _begin(self, request: _Request, person: int, moment: int) -> None:
        _, _, deal, phase, number = request
        pool = self.people[person]
        heappop(self.queues[pool][self.sheet.skills[phase]])
        done = passed(self.sheet.calendars, self.hours[person], moment, self.effort[number])
        self.person[number], self.begun[number], self.done[number] = person, moment, done
        if done > moment:
            self.idle[pool].remove(person)
        if done < NEVER:
            heappush(self.events, (done, deal, DONE, number))

    def _wake(self, pool: int, moment: int) -> None:
        """Look again when somebody who is idle begins the day, where work waits."""
        wanted = [skills for skills, queue in self.queues[pool].items() if queue]
        if not wanted or not self.idle[pool]:
            return
        able = (person for person in self.idle[pool] if any(not skills & ~self.skills[person] for skills in wanted))
        hours = {self.hours[person] for person in able}
        first = min((opens(self.sheet.calendars, each, moment) for each in hours), default=NEVER)
        if moment < first < NEVER and self.woken[pool] != first:
            self.woken[pool] = first
            heappush(self.events, (first, NONE, OPENED, pool))
