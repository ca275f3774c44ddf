"""Where a deal stands in one track while it is played, and what has passed of what comes before its next move."""

from __future__ import annotations

from collections.abc import Sequence

from engine.numerics.dice import die
from engine.simulation.engines.drawing_ahead import BLOCK, First
from engine.simulation.engines.hours import passed
from engine.simulation.engines.sheet import Roll, Sheet
from engine.simulation.plan import AGAIN, NEVER, NONE, Purpose

_WHOLE = (1 << 64) - 1
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_LOW = 0xFFFFFFFF
_LAST = 1023
_PARTS = 22
_TRIES = 64


class Stay:
    """A deal in a stage of one track. ``track`` is the place of the track in the process, the main one 0.

    ``visits`` counts the draws in each stage. ``branch`` is the one drawn, ``visit`` the number of the draw, ``low``
    what it left for the dwell (of one made ``ahead`` the inverse of the dwell itself), ``since`` when it was drawn;
    ``phase`` up to ``last`` are still to pass, ``until`` is when the wait at hand ends (``NONE``: not begun).
    ``clock`` is the next to act, ``due`` when; ``barred`` has a bit for each that came to nothing. ``work`` numbers
    what it waits for somebody to do, ``timer`` what else it waits for. ``dwell`` is told where nothing else is
    to come after the work at hand.
    """

    __slots__ = (
        "ahead",
        "asked",
        "barred",
        "begun",
        "branch",
        "clock",
        "contact",
        "deal",
        "done",
        "due",
        "dwell",
        "effort",
        "entered",
        "is_first",
        "last",
        "low",
        "own",
        "person",
        "phase",
        "since",
        "stage",
        "timer",
        "track",
        "until",
        "visit",
        "visits",
        "work",
    )

    def __init__(
        self, deal: int, own: int, visits: list[int], ahead: Sequence[First | None] = (), track: int = 0
    ) -> None:
        self.deal, self.own, self.visits, self.ahead, self.track = deal, own, visits, ahead, track
        self.work = self.timer = self.person = self.dwell = NONE
        self.begun = self.done = self.due = NEVER
        self.asked = self.effort = 0
        self.visit, self.is_first = 0, True

    def enter(self, sheet: Sheet, stage: int, moment: int, barred: int = 0) -> None:
        """A stage begins. ``barred`` has a bit for each clock (counted from the first of all) that never acts."""
        self.stand(sheet, stage, entered=moment, contact=moment, barred=barred)

    def stand(self, sheet: Sheet, stage: int, *, entered: int, contact: int, barred: int = 0) -> None:
        """The same for a stage entered before, with a last contact in it."""
        self.stage, self.entered, self.contact = stage, entered, contact
        self.branch = self.until = self.dwell = NONE
        self.phase = self.last = 0
        self.is_first = True
        self.barred = barred
        self.wind(sheet)

    def wind(self, sheet: Sheet) -> None:
        """Find out which clock acts next, and when."""
        self.clock, self.due = NONE, NEVER
        first, last = sheet.clocks[self.stage], sheet.clocks[self.stage + 1]
        for clock in range(first, last):
            if self.barred >> clock & 1:
                continue
            due = (self.contact if sheet.idle[clock] else self.entered) + sheet.after[clock]
            if due < self.due:
                self.clock, self.due = clock, due

    def draw(self, sheet: Sheet, moment: int) -> None:
        """Choose what is tried next. A stage with nothing to try keeps its deals."""
        stage, self.since = self.stage, moment
        branch = sheet.first[stage]
        if branch == sheet.first[stage + 1]:
            return
        visit = self.visits[stage]
        self.visits[stage] = visit + 1
        first = self.ahead[stage] if self.ahead and not visit else None
        if first is not None:
            place = self.deal % BLOCK
            branch, self.low = first[0][place], ~first[1][place]
        else:
            drawn = self.own + sheet.keys[stage] + sheet.step(visit) & _WHOLE
            drawn = (drawn ^ drawn >> 30) * _FIRST & _WHOLE
            drawn = (drawn ^ drawn >> 27) * _SECOND & _WHOLE
            drawn ^= drawn >> 31
            high, upto = drawn >> 32, sheet.upto
            while upto[branch] <= high:
                branch += 1
            self.low = drawn & _LOW
        self.branch, self.visit = branch, visit
        self.phase, self.last = sheet.phase[branch], sheet.phase[branch + 1]
        self.until = NONE
        if not self.is_first:
            self.skip_entry_work(sheet)
        self.is_first = False

    def settle(self, sheet: Sheet, stage: int, branch: int, moment: int, dwell: int) -> None:
        """A stage without clocks begins with a draw made beforehand: work, then the dwell, then the branch is tried."""
        self.stage, self.entered, self.branch, self.dwell = stage, moment, branch, dwell
        self.phase, self.due = sheet.phase[branch], NEVER

    def skip_entry_work(self, sheet: Sheet) -> None:
        """Work on entering the stage is done once."""
        while self.phase < self.last and sheet.purpose[self.phase] == Purpose.ENTRY_WORK:
            self.phase += 1

    def seconds(self, sheet: Sheet) -> int:
        """How long the phase at hand takes: ``numerics.distributions.drawn_one`` of its draw."""
        phase = self.phase
        low = self.low if sheet.own[phase] else self.drawn(sheet, sheet.purpose[phase]) & _LOW
        if low < 0:
            return ~low
        table = sheet.tables[sheet.table[phase]]
        place, within = low >> _PARTS, low & 0x3FFFFF
        if place == _LAST:
            place, within = _LAST + 1 + (within >> 12), (within & 0xFFF) << 10
        start = table[place]
        return start + ((table[place + 1] - start) * within + (1 << 21) >> _PARTS)

    def drawn(self, sheet: Sheet, purpose: int) -> int:
        """64 bits for one purpose of the draw at hand."""
        return die(self.own, sheet.keys[self.stage], visit=self.visit, purpose=purpose)

    def waited(self, sheet: Sheet, moment: int) -> int:
        """When the wait at hand ends, if it begins at that moment or has begun before."""
        if self.until == NONE:
            calendar, seconds = sheet.calendar[self.phase], self.seconds(sheet)
            self.until = moment + seconds if calendar == NONE else passed(sheet.calendars[calendar], moment, seconds)
        return self.until

    def over(self, sheet: Sheet, moment: int) -> None:
        """The phase at hand is over."""
        if sheet.touches[self.phase]:
            self.contact = moment
            if self.due < NEVER:
                self.wind(sheet)
        self.phase += 1
        self.until = NONE

    def attempted(self, moment: int) -> int:
        """When the branch is tried if all had passed at that moment: where no time did, and one draws again, later.

        Asked again after a clock came to nothing, it is still the moment that was told first.
        """
        if self.until == NONE:
            self.until = moment if not self.visit or moment > self.since else self.since + AGAIN
        return self.until

    def is_granted(self, sheet: Sheet) -> bool:
        """Whether those who are to approve do."""
        return self.drawn(sheet, Purpose.GRANT) >> 32 < sheet.granted[self.branch]

    def take_up(self, sheet: Sheet, roll: Roll) -> int:
        """An open deal goes on with the draw that it came with: what was before its dwell is over; from when on."""
        branch, comes = roll.branch[self.deal], roll.comes[self.deal]
        until = max(roll.until[self.deal], comes)
        self.visits[self.stage] = 1
        self.branch, self.since = branch, comes
        self.phase, self.last = sheet.phase[branch], sheet.phase[branch + 1]
        self.is_first = False
        dwells = [phase for phase in range(self.phase, self.last) if sheet.own[phase]]
        if not dwells:
            self.skip_entry_work(sheet)
            return until
        self.phase, self.until = dwells[0], until
        return comes

    def take_up_aged(self, sheet: Sheet, moment: int) -> bool:
        """A side track of an open deal goes on with the first of its draws by which it would still stand here.

        Whether there is one among many; if not, the time before is as if it had not been.
        """
        for _ in range(_TRIES):
            self.draw(sheet, self.entered)
            dwells = [phase for phase in range(self.phase, self.last) if sheet.own[phase]]
            if not dwells:
                break
            self.phase = dwells[0]
            if self.waited(sheet, self.entered) > moment:
                self.since = moment
                return True
        return False
