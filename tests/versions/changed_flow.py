"""Changes of a process document: stages, actions, requirements and approvals."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.versions.document import Doc, Pick, all_actions, holders, main_actions, text

CLAUSES = ("given(gap)", "n > 2", 'name == "Acme"', "due < today", "not hold", 'level == "low"')


class Unfit(Exception):
    """There is nothing that this change could change."""


def choose(among: Any, pick: Pick) -> Any:
    """One of them; ``Unfit`` where there is none."""
    among = list(among)
    if not among:
        raise Unfit
    return pick(among)


def respelled(doc: Doc, old: str, new: str) -> None:
    """Another word wherever one stands in the document, keys and conditions too."""
    fresh = yaml.safe_load(re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text(doc)))
    doc.clear()
    doc.update(fresh)


def follows(doc: Doc, what: str, old: str, new: Any) -> None:
    """Says what became of an id of version 1."""
    doc.setdefault("follows", {"version": 1}).setdefault(what, {})[old] = new


def stage_added(doc: Doc, pick: Pick) -> None:
    stages = list(doc["stages"].items())
    stages.insert(choose(range(1, len(stages)), pick), ("s4", {}))
    doc["stages"] = dict(stages)


def stage_renamed(doc: Doc, pick: Pick) -> None:
    old = choose(("s1", "s2", "s3"), pick)
    respelled(doc, old, "met")
    follows(doc, "stages", old, "met")


def stage_merged(doc: Doc, pick: Pick) -> None:
    """The last open stage becomes the one before it: nothing leads from it to there twice."""
    del pick
    del doc["stages"]["s3"]
    respelled(doc, "s3", "s2")
    for _, action in all_actions(doc):
        for end in ("from", "to"):
            if isinstance(action[end], list):
                action[end] = list(dict.fromkeys(action[end]))
    follows(doc, "stages", "s3", "s2")


def stages_reordered(doc: Doc, pick: Pick) -> None:
    _swapped(doc, "s2", "s3")
    del pick


def first_stage_moved(doc: Doc, pick: Pick) -> None:
    _swapped(doc, "s1", "s2")
    del pick


def _swapped(doc: Doc, one: str, other: str) -> None:
    called = {one: other, other: one}
    doc["stages"] = {called.get(name, name): doc["stages"][called.get(name, name)] for name in doc["stages"]}


def end_changed(doc: Doc, pick: Pick) -> None:
    stage, ends = choose((("won", "other"), ("won", "lost"), ("lost", "other")), pick)
    doc["stages"][stage]["ends"] = ends


def stage_ended(doc: Doc, pick: Pick) -> None:
    del pick
    doc["stages"]["s3"] = {"ends": "other"}


def stage_titled(doc: Doc, pick: Pick) -> None:
    doc["stages"][choose(("s1", "s2", "s3"), pick)]["title"] = "Called otherwise"


def probability_changed(doc: Doc, pick: Pick) -> None:
    doc["stages"][choose(("s1", "s2", "s3"), pick)]["probability"] = "17%"


def stage_timed(doc: Doc, pick: Pick) -> None:
    doc["stages"][choose(("s1", "s2", "s3"), pick)] |= {"target": "11d", "alert": "12d"}


def stamped(doc: Doc, pick: Pick) -> None:
    doc["stages"][choose(("s1", "s3"), pick)].setdefault("stamps", {})["counted"] = "n + 7"


def action_added(doc: Doc, pick: Pick) -> None:
    doc["actions"]["act9"] = {"from": choose(("s1", "open", ["s2", "s3"]), pick), "to": choose(("won", "s2"), pick)}


def action_renamed(doc: Doc, pick: Pick) -> None:
    old = choose(("act1", "act2", "act3"), pick)
    respelled(doc, old, "deed")
    follows(doc, "actions", old, "deed")


def action_removed(doc: Doc, pick: Pick) -> None:
    """Neither one that conditions ask of, nor one that a clock does."""
    del pick
    del doc["actions"]["act3"]


def source_added(doc: Doc, pick: Pick) -> None:
    action = _one_action(doc, pick)
    sources = _spelled(doc, action["from"])
    action["from"] = [*sources, choose([each for each in doc["stages"] if each not in sources], pick)]


def source_removed(doc: Doc, pick: Pick) -> None:
    action = _one_action(doc, pick)
    sources = _spelled(doc, action["from"])
    gone = choose(sources if len(sources) > 1 else (), pick)
    action["from"] = [each for each in sources if each != gone]


def target_added(doc: Doc, pick: Pick) -> None:
    action = _one_action(doc, pick)
    targets = action["to"] if isinstance(action["to"], list) else [action["to"]]
    words = {"later", "earlier", "previous"}
    action["to"] = [*targets, choose([each for each in doc["stages"] if not {each, *words} & set(targets)], pick)]


def target_changed(doc: Doc, pick: Pick) -> None:
    action = _one_action(doc, pick)
    action["to"] = choose([each for each in doc["stages"] if each not in action["to"]], pick)


def _one_action(doc: Doc, pick: Pick) -> Doc:
    found: Doc = choose(main_actions(doc), pick)[1]
    return found


def _spelled(doc: Doc, sources: Any) -> list[str]:
    if sources == "open":
        return [name for name, stage in doc["stages"].items() if not (stage or {}).get("ends")]
    if isinstance(sources, list):
        return sources
    return list(doc["groups"].get(sources, [sources]))


def actor_narrowed(doc: Doc, pick: Pick) -> None:
    action = _one_action(doc, pick)
    action["by"] = [choose([role for role in doc["roles"] if role not in action.get("by", doc.get("by", ()))], pick)]


def touching(doc: Doc, pick: Pick) -> None:
    action = _one_action(doc, pick)
    if action.pop("touchpoint", None) is None:
        action["touchpoint"] = "call"


def applies_to_some(doc: Doc, pick: Pick) -> None:
    choose([each for _, each in main_actions(doc) if not each.get("auto")], pick)["when"] = choose(CLAUSES, pick)


def variant_added(doc: Doc, pick: Pick) -> None:
    one = {"from": choose(("s1", "s2"), pick), "to": "s3", "when": choose(CLAUSES, pick)}
    doc["actions"]["act1"] = [one, *([doc["actions"]["act1"]])]


def fact_set(doc: Doc, pick: Pick) -> None:
    choose([each for _, each in main_actions(doc)], pick).setdefault("sets", {})["part"] = '"c"'


def automatic(doc: Doc, pick: Pick) -> None:
    del pick
    doc["actions"]["act3"] = {"from": "s3", "to": "won", "auto": True, "when": "ok and not hold"}


def action_titled(doc: Doc, pick: Pick) -> None:
    _one_action(doc, pick)["title"] = "Do it"


def requirement_added(doc: Doc, pick: Pick) -> None:
    one = {"must": choose(CLAUSES, pick), "says": "It is as it should be"}
    where, key = choose([(stage, "to_enter") for stage in doc["stages"].values()] + [(doc, "always")], pick)
    where[key] = [*where.get(key, []), one]


def requirement_removed(doc: Doc, pick: Pick) -> None:
    choose(holders(doc), pick).pop()


def _written(doc: Doc, pick: Pick, *, among: tuple[str, ...] = ("must",)) -> Doc:
    """A requirement that is written out."""
    lists = [each for holder in holders(doc) for each in holder if isinstance(each, dict)]
    found: Doc = choose([each for each in lists if set(among) & set(each)], pick)
    return found


def softened(doc: Doc, pick: Pick) -> None:
    one = _written(doc, pick)
    one["should"] = one.pop("must")
    # "when" and "should" together are rare, and as good.


def hardened(doc: Doc, pick: Pick) -> None:
    one = _written(doc, pick, among=("should",))
    one["must"] = one.pop("should")


def clause_added(doc: Doc, pick: Pick) -> None:
    one = _written(doc, pick)
    one["must"] = f"({one['must']}) and {choose(CLAUSES, pick)}"


def way_out_added(doc: Doc, pick: Pick) -> None:
    one = _written(doc, pick)
    one["must"] = f"({one['must']}) or {choose(CLAUSES, pick)}"


def when_added(doc: Doc, pick: Pick) -> None:
    one = _written(doc, pick)
    one["when"] = f"({one['when']}) and {choose(CLAUSES, pick)}" if "when" in one else choose(CLAUSES, pick)


def threshold_raised(doc: Doc, pick: Pick) -> None:
    """Whatever number stands first; behind a ``not`` a raise lets more through."""
    lists = [each for holder in holders(doc) for each in holder if isinstance(each, dict) and "must" in each]
    one = choose([each for each in lists if re.search(r"[<>]=? \d+(?![\d.]*[%d])", each["must"])], pick)
    one["must"] = re.sub(r"([<>]=?) (\d[\d.]*)", lambda at: f"{at[1]} {float(at[2]) + 1:g}", one["must"], count=1)


def turned(doc: Doc, pick: Pick) -> None:
    one = _written(doc, pick)
    one["must"] = f"not ({one['must']})"


def said_otherwise(doc: Doc, pick: Pick) -> None:
    _written(doc, pick, among=("must", "should"))["says"] = "In other words"


def ask_added(doc: Doc, pick: Pick) -> None:
    places = [*(doc["stages"][each] for each in ("s1", "s2", "s3")), *(each for _, each in main_actions(doc))]
    where = choose([each for each in places if "due" not in each.get("asks", [])], pick)
    where["asks"] = [*where.get("asks", []), "due"]


def _asking(doc: Doc) -> list[Doc]:
    return [each for each in (*doc["stages"].values(), *(each for _, each in main_actions(doc))) if each.get("asks")]


def ask_removed(doc: Doc, pick: Pick) -> None:
    choose(_asking(doc), pick)["asks"].pop()


def ask_of_some(doc: Doc, pick: Pick) -> None:
    asking = [
        (each["asks"], at) for each in _asking(doc) for at, ask in enumerate(each["asks"]) if isinstance(ask, str)
    ]
    asks, at = choose(asking, pick)
    asks[at] = {asks[at]: choose(CLAUSES, pick)}


def approval_added(doc: Doc, pick: Pick) -> None:
    action = choose([each for _, each in main_actions(doc) if not each.get("auto") and "approval" not in each], pick)
    action["approval"] = [{"by": "boss", "says": "A boss agrees"}]


def _approvals(doc: Doc) -> list[Doc]:
    return [each for _, action in main_actions(doc) for each in action.get("approval", ())]


def approval_removed(doc: Doc, pick: Pick) -> None:
    choose([each for _, each in main_actions(doc) if each.get("approval")], pick)["approval"].pop()


def approver_changed(doc: Doc, pick: Pick) -> None:
    choose(_approvals(doc), pick)["by"] = choose(("clerk", "seller"), pick)


def approval_of_some(doc: Doc, pick: Pick) -> None:
    one = choose(_approvals(doc), pick)
    one["when"] = f"({one['when']}) and {choose(CLAUSES, pick)}" if "when" in one else choose(CLAUSES, pick)


def approval_lasts(doc: Doc, pick: Pick) -> None:
    choose(_approvals(doc), pick)["lasts"] = "1d"
