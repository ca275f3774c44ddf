"""Who works on what, and when: the pools of the event heap, with their queues and their people."""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise

from engine.simulation.engines.hours import opening, passed
from engine.simulation.engines.sheet import Roll, Sheet
from engine.simulation.engines.staying import Stay
from engine.simulation.plan import NEVER, NONE, Plan

Event = tuple[int, int, int, int, Stay | None]
"""When, the place of the deal in the cast (``NONE``: of no deal), what, its number, and the stay that it is about."""

DONE, ASKED, CALLED, OPENED, TIMED = 0, 1, 2, 3, 4
"""What happens to work: it ends, it is asked for, a clock may call its deal away; the hours of a pool begin; from
``TIMED`` on something else that the track of that number waits for."""

_Request = tuple[int, int, int, int, int, Stay]
"""Rank, moment asked, deal, phase, number of the work, for whom: the lowest is served first."""


class Pools:
    """All pools of one run. A work that was called away is known by its number: the stay no longer has it."""

    def __init__(self, plan: Plan, sheet: Sheet, roll: Roll, events: list[Event]) -> None:
        crew = plan.crew
        self.sheet, self.roll, self.events = sheet, roll, events
        self.order, self.by_stage = crew.order.tolist(), crew.by_stage.tolist()
        self.hours, self.skills = crew.calendar.tolist(), crew.skills.tolist()
        spans = list(pairwise(crew.first.tolist()))
        # The pool of each person, who can begin anything, and who is at work on what.
        self.pool_of = [pool for pool, (first, last) in enumerate(spans) for _ in range(first, last)]
        self.idle = [list(range(first, last)) for first, last in spans]
        self.at_work: list[Stay | None] = [None] * len(self.hours)
        self.alike = [self._are_alike(first, last) for first, last in spans]
        self.queues: list[dict[int, list[_Request]]] = [{} for _ in spans]
        self.woken = [NONE] * len(spans)
        self.changed: set[int] = set()
        # How many requests each pool holds, those called away included until they come up.
        self.waiting = [0] * len(spans)
        self.asked = 0
        self.works = array("q")

    def _are_alike(self, first: int, last: int) -> bool:
        """Whether all of them can do the same, at any hour."""
        return all(hours == NONE for hours in self.hours[first:last]) and len(set(self.skills[first:last])) == 1

    def ask(self, stay: Stay, moment: int, effort: int) -> None:
        """The phase that a stay has come to asks its pool for somebody, at that moment."""
        self.asked += 1
        stay.work, stay.asked, stay.effort = self.asked, moment, effort
        stay.begun, stay.person = NEVER, NONE
        heappush(self.events, (moment, stay.deal, ASKED, self.asked, stay))

    def watch(self, stay: Stay, moment: int) -> None:
        """A clock will call the deal away from what it asked for at that moment, unless it is done by then."""
        heappush(self.events, (moment, stay.deal, CALLED, stay.work, stay))

    def come(self, stay: Stay, moment: int) -> None:
        """The moment asked has come. Where nothing else happens at it, who finds nobody waiting is served at once."""
        pool = self.sheet.pool[stay.phase]
        if not (self.waiting[pool] or self.changed or (self.events and self.events[0][0] == moment)):
            person = self._who(pool, self.sheet.skills[stay.phase], moment)
            if person != NONE:
                self._begin(stay, person, moment)
                return
        self.waiting[pool] += 1
        order, rank = self.order[pool], 0
        if order:
            rank = self.roll.ranks[pool][stay.deal] if order == 1 else self.by_stage[pool][stay.stage]
        queue = self.queues[pool].setdefault(self.sheet.skills[stay.phase], [])
        heappush(queue, (rank, stay.asked, stay.deal, stay.phase, stay.work, stay))
        self.changed.add(pool)

    def release(self, stay: Stay, moment: int) -> None:
        """The work is done, or dropped, or its deal leaves the queue."""
        self._tell(stay, moment)
        stay.work, person = NONE, stay.person
        # Work that took no time left its person idle.
        if person != NONE and self.at_work[person] is stay:
            self.at_work[person] = None
            pool = self.pool_of[person]
            insort(self.idle[pool], person)
            if self.waiting[pool]:
                self.changed.add(pool)

    def _tell(self, stay: Stay, done: int) -> None:
        self.works.extend((stay.deal, stay.stage, stay.phase, stay.person, stay.asked, stay.begun, done))

    def unfinished(self) -> Iterator[Stay]:
        """Who waits for somebody, or for work to be done, at the end; all that was asked for is told then."""
        for pool in self.queues:
            for queue in pool.values():
                for request in queue:
                    if request[5].work == request[4]:
                        self._tell(request[5], NEVER)
                        yield request[5]
        for stay in self.at_work:
            if stay is not None:
                self._tell(stay, stay.done)
                yield stay

    def begin(self, moment: int) -> None:
        """Begin all that can be begun at that moment; but after work that takes no time, see first what it leads to.

        Of several pools the work asked for first is begun first, for then the order matters.
        """
        while self.changed:
            best: tuple[_Request, int] | None = None
            for pool in tuple(self.changed):
                found = self._next(pool, moment) if self.waiting[pool] else None
                if found is None:
                    self.changed.discard(pool)
                elif best is None or found[0][1:5] < best[0][1:5]:
                    best = found
            if best is None:
                return
            stay, pool = best[0][5], self.pool_of[best[1]]
            self._drop_first(pool, self.queues[pool][self.sheet.skills[stay.phase]])
            if self._begin(stay, best[1], moment) == moment:
                return

    def _next(self, pool: int, moment: int) -> tuple[_Request, int] | None:
        """The first request of a pool that somebody can begin now, and who."""
        best: tuple[_Request, int] | None = None
        is_waiting = False
        for skills, queue in self.queues[pool].items():
            while queue and queue[0][5].work != queue[0][4]:
                self._drop_first(pool, queue)
            if not queue or (best is not None and best[0] < queue[0]):
                continue
            is_waiting = True
            person = self._who(pool, skills, moment)
            if person != NONE:
                best = queue[0], person
        if best is None and is_waiting:
            self._wake(pool, moment)
        return best

    def _drop_first(self, pool: int, queue: list[_Request]) -> None:
        heappop(queue)
        self.waiting[pool] -= 1

    def _who(self, pool: int, skills: int, moment: int) -> int:
        """The first of a pool who has the skills and can begin now; ``NONE``: nobody."""
        idle = self.idle[pool]
        if self.alike[pool]:
            return NONE if not idle or skills & ~self.skills[idle[0]] else idle[0]
        for person in idle:
            if not skills & ~self.skills[person]:
                hours = self.hours[person]
                if hours == NONE or opening(self.sheet.calendars[hours], moment) == moment:
                    return person
        return NONE

    def _begin(self, stay: Stay, person: int, moment: int) -> int:
        """When it will be done."""
        hours = self.hours[person]
        done = moment + stay.effort
        if hours != NONE:
            done = passed(self.sheet.calendars[hours], moment, stay.effort)
        stay.person, stay.begun, stay.done = person, moment, done
        if done > moment:
            self.idle[self.pool_of[person]].remove(person)
            self.at_work[person] = stay
        if done < NEVER:
            heappush(self.events, (done, stay.deal, DONE, stay.work, stay))
        return done

    def _wake(self, pool: int, moment: int) -> None:
        """Look again when somebody who is idle begins the day, where work waits."""
        wanted = [skills for skills, queue in self.queues[pool].items() if queue]
        able = (person for person in self.idle[pool] if any(not skills & ~self.skills[person] for skills in wanted))
        hours = {self.hours[person] for person in able}
        first = min((opening(self.sheet.calendars[each], moment) for each in hours if each != NONE), default=NEVER)
        if moment < first < NEVER and self.woken[pool] != first:
            self.woken[pool] = first
            heappush(self.events, (first, NONE, OPENED, pool, None))
