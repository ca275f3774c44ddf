"""Decisions and stories as JSON documents, complete: every verdict, clause and value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model.alarm import Alarm
from engine.model.deal import Deal
from engine.model.decision import Clause, Decision, Verdict
from engine.model.entry import Entry
from engine.model.process import Process
from engine.model.syntax import Value
from engine.report import json_text
from engine.report.json_text import Data
from engine.report.wording import reason_title, stage_of


def decision(
    process: Process,
    deal: Deal | None,
    told: Decision,
    *,
    followed: Sequence[Entry] = (),
    started: Sequence[Deal] = (),
) -> str:
    """``stagewright/decision/1``: also the automatic moves that followed, and the deals that were started."""
    rest: dict[str, Data] = {
        "followed": tuple(_followed(entry) for entry in followed),
        "started": tuple(
            {"deal": each.id, "process": each.process, "version": each.version, "stage": each.stage} for each in started
        ),
    }
    return json_text.document("decision", {**_deal(process, deal), **_decision(told), **rest})


def _followed(entry: Entry) -> Data:
    return {
        "action": entry.action,
        "track": entry.track,
        "from": entry.from_stage,
        "to": entry.to_stage,
        "process": entry.process,
        "version": entry.version,
        "reason": entry.reason,
    }


def options(process: Process, deal: Deal, decisions: Sequence[Decision]) -> str:
    """``stagewright/options/1``: what ``can`` lists, a row a decision."""
    rows = tuple(_decision(told) for told in decisions)
    return json_text.document("options", {**_deal(process, deal), "rows": rows})


def _deal(process: Process, deal: Deal | None) -> dict[str, Data]:
    return {
        "deal": deal.id if deal else None,
        "process": process.id,
        "version": process.version,
        "stage": deal.stage if deal else None,
    }


def _decision(told: Decision) -> dict[str, Data]:
    move = told.move
    return {
        "allowed": told.allowed,
        "action": move.action,
        "track": told.track,
        "from": told.from_stage,
        "to": told.to_stage,
        "actor": move.actor,
        "role": move.role,
        "reason": move.reason,
        "note": move.note,
        "override": move.override,
        "outcome": told.outcome,
        "facts": _facts(told.sets),
        "verdicts": tuple(_verdict(verdict) for verdict in told.verdicts),
    }


def _facts(facts: Mapping[str, Value]) -> Data:
    return dict(facts)


def _verdict(verdict: Verdict) -> Data:
    return {
        "requirement": verdict.requirement,
        "about": verdict.about.value,
        "verdict": verdict.result.value,
        "force": verdict.force.value,
        "says": verdict.says,
        "needs": verdict.needs,
        "fix": verdict.fix,
        "who": verdict.who,
        "missing": verdict.missing,
        "rule": verdict.rule,
        "clauses": tuple(_clause(clause) for clause in verdict.clauses),
    }


def _clause(clause: Clause) -> Data:
    return {
        "text": clause.text,
        "holds": clause.holds,
        "seen": tuple({"name": name, "value": value} for name, value in clause.seen),
        "depth": clause.depth,
        "joined": clause.joined,
    }


def story(
    processes_by_digest: Mapping[str, Process],
    entries: Sequence[Entry],
    deal: Deal | None,
    *,
    zone: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """``stagewright/story/1``: where the deal stands, and a row an entry."""
    rows = tuple(_entry(processes_by_digest.get(entry.digest), entry) for entry in entries)
    standing = _standing(processes_by_digest, deal, zone)
    return json_text.document("story", {**standing, "notes": tuple(notes), "rows": rows})


def _standing(processes: Mapping[str, Process], deal: Deal | None, zone: str | None) -> dict[str, Data]:
    process = processes.get(deal.digest) if deal else None
    return {
        "deal": deal.id if deal else None,
        "process": deal.process if deal else None,
        "version": deal.version if deal else None,
        "title": process.title if process else "",
        "time_zone": zone or (process.time_zone if process else "UTC"),
        "stage": deal.stage if deal else None,
        "outcome": deal.outcome if deal else "",
        "owner": deal.owner if deal else "",
        "started_at": deal.started_at if deal else None,
        "closed_at": deal.closed_at if deal else None,
    }


def _alarm(alarm: Alarm) -> Data:
    return {"clock": alarm.clock, "kind": alarm.kind.value, "since": alarm.since}


def _entry(process: Process | None, entry: Entry) -> Data:
    stage = stage_of(process, entry.track, entry.to_stage)
    return {
        "sequence": entry.sequence,
        "kind": entry.kind.value,
        "happened_at": entry.happened_at,
        "recorded_at": entry.recorded_at,
        "undated": entry.undated,
        "deviating": entry.deviating,
        "actor": entry.actor,
        "role": entry.role,
        "process": entry.process,
        "version": entry.version,
        "digest": entry.digest,
        "track": entry.track,
        "action": entry.action,
        "from": entry.from_stage,
        "to": entry.to_stage,
        "to_title": stage.title if stage else "",
        "outcome": entry.outcome,
        "reason": entry.reason,
        "reason_title": reason_title(process, entry.action, entry.reason) if entry.reason else "",
        "note": entry.note,
        "touchpoint": entry.touchpoint,
        "approval": entry.approval,
        "override": entry.override,
        "owner": entry.owner,
        "key": entry.key,
        "written_by": entry.written_by,
        "alarm": _alarm(entry.alarm) if entry.alarm else None,
        "facts": _facts(entry.facts),
        "renamed": dict(entry.renamed),
        "verdicts": tuple(_verdict(verdict) for verdict in entry.verdicts),
    }
