"""What happened in one run, as every engine writes it down: visits, refusals, work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.simulation.plan import Ints, Mask, Small


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """What happened in one run. Rows are in the order of deals and, of one deal, of time; nothing from the end on.

    Visits: ``deal`` (int32, its place in the cast), ``stage`` (int16), ``entered``, ``left`` (int64; ``NONE``: still
    there at the end, or the deal ended on the main track meanwhile), ``way`` (int16: the branch, clock or automatic
    action by which it left, see ``Plan.led``; ``NONE`` where it did not). A visit of an end that is never left is not
    told: the way into it tells. Refusals: ``refused_deal``, ``refused_way``, ``refused_at``, ``refused_denied`` (bool:
    not by a rule, but because who was to approve did not). Work: ``work_deal``, ``work_stage`` (where the deal stood),
    ``work_phase``, ``work_person``, ``asked``, ``begun``, ``done`` (int64; ``begun`` is ``NEVER`` of what nobody began
    before the end, its person ``NONE``; ``done`` may lie beyond the end, or be ``NEVER``). Where a clock or the end of
    the deal called it away, ``done`` is that moment, whether it was begun or not.
    """

    deal: Small
    stage: npt.NDArray[np.int16]
    entered: Ints
    left: Ints
    way: npt.NDArray[np.int16]
    refused_deal: Small
    refused_way: npt.NDArray[np.int16]
    refused_at: Ints
    refused_denied: Mask
    work_deal: Small
    work_stage: npt.NDArray[np.int16]
    work_phase: npt.NDArray[np.int16]
    work_person: npt.NDArray[np.int16]
    asked: Ints
    begun: Ints
    done: Ints
