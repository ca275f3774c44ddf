"""Changes of a process document: roles, facts, reasons, clocks, tracks, metrics, rule sets and the process itself."""

from __future__ import annotations

from tests.versions.changed_flow import CLAUSES, Unfit, choose, follows, respelled
from tests.versions.document import Doc, Pick, main_actions


def role_added(doc: Doc, pick: Pick) -> None:
    doc["roles"]["helper"] = [choose(("clerk", "seller"), pick)]


def role_removed(doc: Doc, pick: Pick) -> None:
    """The one in the middle; what was its to do is the clerk's."""
    del pick
    del doc["roles"]["seller"]
    doc["roles"]["boss"] = ["clerk"]
    respelled(doc, "seller", "clerk")


def role_included(doc: Doc, pick: Pick) -> None:
    role, of = choose((("seller", []), ("boss", []), ("boss", ["clerk"])), pick)
    doc["roles"][role] = of


def override_widened(doc: Doc, pick: Pick) -> None:
    del pick
    doc["override"] = {"by": ["clerk"]}


def override_removed(doc: Doc, pick: Pick) -> None:
    del pick
    if not doc.pop("override", None):
        raise Unfit


def by_changed(doc: Doc, pick: Pick) -> None:
    doc["by"] = [choose(("seller", "boss"), pick)]


def fact_added(doc: Doc, pick: Pick) -> None:
    doc["facts"]["weight"] = {"type": choose(("number", "text", "money"), pick)}


def fact_renamed(doc: Doc, pick: Pick) -> None:
    old = choose(("amount", "rate", "ok", "due", "gap"), pick)
    respelled(doc, old, "newly")
    follows(doc, "facts", old, "newly")


def fact_removed(doc: Doc, pick: Pick) -> None:
    """One that nothing reads or sets."""
    del pick
    del doc["facts"]["spare"]


def fact_retyped(doc: Doc, pick: Pick) -> None:
    doc["facts"]["spare"] = {"type": choose(("percent", "duration", "date"), pick)}


def choice_added(doc: Doc, pick: Pick) -> None:
    del pick
    doc["facts"]["level"]["of"].append("utmost")


def default_changed(doc: Doc, pick: Pick) -> None:
    fact, value = choose((("hold", True), ("rate", "12%")), pick)
    doc["facts"][fact]["default"] = value


def default_removed(doc: Doc, pick: Pick) -> None:
    del doc["facts"][choose(("hold", "rate"), pick)]["default"]


def fact_titled(doc: Doc, pick: Pick) -> None:
    doc["facts"][choose(sorted(doc["facts"]), pick)]["title"] = "Called otherwise"


def table_changed(doc: Doc, pick: Pick) -> None:
    doc["facts"]["grade"]["table"]["rows"][0]["when"] = choose(("amount > 999", "amount > 5000", "ok"), pick)


def _reasoned(doc: Doc) -> list[Doc]:
    return [each for _, each in main_actions(doc) if isinstance(each.get("reasons"), dict)]


def reason_added(doc: Doc, pick: Pick) -> None:
    choose(_reasoned(doc), pick)["reasons"]["r9"] = "Something else"


def reason_removed(doc: Doc, pick: Pick) -> None:
    """One that no condition reads."""
    del choose([each for each in _reasoned(doc) if "r2" in each["reasons"]], pick)["reasons"]["r2"]


def reason_titled(doc: Doc, pick: Pick) -> None:
    reasons = choose(_reasoned(doc), pick)["reasons"]
    code = choose(sorted(reasons), pick)
    title = "Called otherwise"
    reasons[code] = {**reasons[code], "title": title} if isinstance(reasons[code], dict) else title


def reason_regrouped(doc: Doc, pick: Pick) -> None:
    reasons = choose(_reasoned(doc), pick)["reasons"]
    one = reasons["r2"]
    reasons["r2"] = {"title": one if isinstance(one, str) else one["title"], "group": "g9"}


def reason_renamed(doc: Doc, pick: Pick) -> None:
    del pick
    respelled(doc, "r2", "other-than-r1")
    follows(doc, "reasons", "r2", "other-than-r1")


def reasons_dropped(doc: Doc, pick: Pick) -> None:
    """Those of one action, where another one still has them."""
    del pick
    if len(_reasoned(doc)) < 2:
        raise Unfit
    _reasoned(doc)[0].pop("reasons")


def clock_added(doc: Doc, pick: Pick) -> None:
    doc["clocks"]["late"] = {"in": [choose(("s1", "s2", "s3"), pick)], "stays": "9d"}


def clock_removed(doc: Doc, pick: Pick) -> None:
    del doc["clocks"][choose(("slow", "stale"), pick)]


def clock_faster(doc: Doc, pick: Pick) -> None:
    del pick
    doc["clocks"]["slow"]["stays"] = "12d"


def clock_warns_later(doc: Doc, pick: Pick) -> None:
    del pick
    doc["clocks"]["slow"]["warn"] = "20d"


def clock_counts_otherwise(doc: Doc, pick: Pick) -> None:
    del pick
    doc["clocks"]["slow"]["idle"] = doc["clocks"]["slow"].pop("stays")


def clock_of_some(doc: Doc, pick: Pick) -> None:
    doc["clocks"][choose(("slow", "stale"), pick)]["when"] = "not hold"


def clock_elsewhere(doc: Doc, pick: Pick) -> None:
    doc["clocks"]["stale"]["in"] = choose((["s2"], ["s2", "s3"]), pick)


def track_added(doc: Doc, pick: Pick) -> None:
    del pick
    doc.setdefault("tracks", {})["forecast"] = {
        "stages": {"pipeline": {}, "commit": {}},
        "actions": {"expect-more": {"from": "pipeline", "to": "commit"}},
    }


def track_removed(doc: Doc, pick: Pick) -> None:
    del pick
    del doc["tracks"]["legal"]
    if "track." in str(doc) or "sign-off" in str(doc):
        raise Unfit


def track_titled(doc: Doc, pick: Pick) -> None:
    del pick
    doc["tracks"]["legal"]["title"] = "Called otherwise"


def metric_added(doc: Doc, pick: Pick) -> None:
    del pick
    doc["metrics"]["weighted"] = {"type": "sum", "of": "amount * probability", "where": "open"}


def metric_removed(doc: Doc, pick: Pick) -> None:
    del doc["metrics"][choose(("win_rate", "first_call"), pick)]


def metric_of_some(doc: Doc, pick: Pick) -> None:
    doc["metrics"]["win_rate"]["where"] = choose(CLAUSES, pick)


def metric_titled(doc: Doc, pick: Pick) -> None:
    doc["metrics"][choose(("win_rate", "first_call"), pick)]["title"] = "Called otherwise"


def process_titled(doc: Doc, pick: Pick) -> None:
    del pick
    doc["title"] = "Called otherwise"


def time_zone_changed(doc: Doc, pick: Pick) -> None:
    del pick
    doc["time_zone"] = "America/Los_Angeles"


def currency_changed(doc: Doc, pick: Pick) -> None:
    del pick
    doc["currency"] = "USD"


def touchpoint_added(doc: Doc, pick: Pick) -> None:
    del pick
    doc["touchpoints"].append("visit")


def group_smaller(doc: Doc, pick: Pick) -> None:
    del pick
    doc["groups"]["early"] = ["s1"]


def rule_set_newer(doc: Doc, pick: Pick) -> None:
    del pick
    doc["uses"]["house"] = 2


def rule_set_dropped(doc: Doc, pick: Pick) -> None:
    del pick
    if "has-paid" in str(doc) or any(each.get("reasons") == "loss" for _, each in main_actions(doc)):
        raise Unfit
    del doc["uses"]
