"""Deals as they would stand under another version: stages, facts and past by its names, or why they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.conditions.generate import function
from engine.machine.compile import Machine
from engine.machine.facts import Facts, view, with_tables
from engine.machine.situation import DealSituation
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.names import MAIN
from engine.model.process import Split, Track
from engine.versions.became import Became
from engine.versions.kept_values import Keeping


@dataclass(frozen=True, slots=True)
class Carried:
    """A deal by the names of the version; ``None`` where it is stranded, and then why."""

    deal: Deal | None
    why: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """Carries deals of one definition to the machine's version; remembers which stages lead on."""

    machine: Machine
    names: Became
    keeping: Keeping
    leads: dict[tuple[str, str], str] = field(default_factory=dict)

    def carry(self, deal: Deal, *, now: datetime) -> Carried:
        """The deal under the new version. Approvals do not come along: they were given under another version."""
        names, process = self.names, self.machine.process
        facts = self.keeping.carried(deal.facts)
        stage, why = self._placed(deal, facts, process.main, deal.stage, now)
        why = why or self._leads_on(process.main, stage)
        if why:
            return Carried(None, why)
        tracks: dict[str, str] = {}
        for name, stands in deal.tracks.items():
            track = process.track(name)
            if track is None:
                return Carried(None, f"the track '{name}' is gone, where it stands in '{stands}'")
            tracks[name], why = self._placed(deal, facts, track, stands, now)
            if why:
                return Carried(None, why)
        visited = deal.visited
        if names.stages:
            visited = frozenset(called for each in visited for called in names.stage(each)) | {stage}
        told = replace(
            deal,
            version=process.version,
            digest="",
            stage=stage,
            tracks=tracks,
            facts=facts,
            actions={names.action(name): times for name, times in deal.actions.items()},
            visited=visited,
            previous=names.stage(deal.previous)[0] if deal.previous else "",
            grants=(),
        )
        return Carried(told)

    def _placed(self, deal: Deal, facts: Facts, track: Track, stands: str, now: datetime) -> tuple[str, str]:
        """Where a deal stands now, or why nobody can say."""
        place = "" if track.id == MAIN else f" of the track '{track.id}'"
        found: str | None = stands
        # Only stages of the main track are ever renamed.
        for split in self.names.stages.get(stands, ()) if track.id == MAIN else ():
            found = split.to if self._holds(split, deal, facts, now) else None
            if found is not None:
                break
        if found is None:
            return "", f"nothing says where a deal like it goes from '{stands}'{place}"
        if track.stage(found) is None:
            return "", f"its stage '{stands}'{place} is gone, and nothing says where it goes"
        return found, ""

    def _holds(self, split: Split, deal: Deal, facts: Facts, now: datetime) -> bool:
        if split.when is None:
            return True
        frame = self.machine.frame
        situation = DealSituation(frame, deal, Move(""), now, None)
        return function(split.when.tree)(with_tables(view(facts, {}, frame.defaults), situation), situation) is True

    def _leads_on(self, track: Track, stage: str) -> str:
        """Why no action leads on from a stage; empty where one does."""
        key = (track.id, stage)
        if key not in self.leads:
            self.leads[key] = self._why_not(track, stage)
        return self.leads[key]

    def _why_not(self, track: Track, stage: str) -> str:
        if track.is_end(stage):
            return f"it would stand in '{stage}', which is an end"
        leading: Mapping[str, object] = {
            name: routes for name, routes in self.machine.actions.items()
            if routes.track is track and any(
                target != stage for route in routes.routes.get(stage, ()) for target in route.targets
            )
        }  # fmt: skip
        return "" if leading else f"no action leads on from '{stage}'"
